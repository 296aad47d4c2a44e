// A client of a job's log as server-sent events: it takes what comes, may be cut, and comes again with the last place it was told.
export interface LogStream {
  readonly status: number;
  /** Bytes of both streams in order, as latin1. */
  readonly text: () => string;
  readonly lastId: () => string;
  /** What the event that ends a log says; undefined until it came. */
  readonly complete: () => { readonly state: string; readonly cursor: string } | undefined;
  /** What the event says that refuses to go on. */
  readonly end: () => { readonly code: string } | undefined;
  readonly closed: Promise<void>;
  readonly cut: () => void;
}

interface Piece {
  readonly text?: string;
  readonly base64?: string;
}

export interface Wanted {
  readonly url: string;
  readonly token?: string | undefined;
  readonly jobId: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly lastId?: string | undefined;
}

export const bytesOf = ({ text, base64 }: Piece): string =>
  (text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text)).toString('latin1');

export async function logStream({ url, token, jobId, query = {}, lastId }: Wanted): Promise<LogStream> {
  const controller = new AbortController();
  const response = await fetch(`${url}/jobs/${jobId}/logs?${new URLSearchParams(query)}`, {
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
    },
    signal: controller.signal,
  });
  const seen = { text: '', id: lastId ?? '', events: new Map<string, never>() };
  return {
    status: response.status,
    text: () => seen.text,
    lastId: () => seen.id,
    complete: () => seen.events.get('complete'),
    end: () => seen.events.get('end'),
    closed: response.ok ? read(response, seen).catch(() => {}) : response.text().then(() => {}),
    cut: () => controller.abort(),
  };
}

async function read(response: Response, seen: { text: string; id: string; events: Map<string, never> }): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const data = field('data');
      if (data !== undefined && field('event') === 'log')
        seen.text += (JSON.parse(data) as { pieces: Piece[] }).pieces.map(bytesOf).join('');
      else if (data !== undefined) seen.events.set(field('event') ?? '', JSON.parse(data) as never);
      seen.id = field('id') ?? seen.id;
    }
  }
}
