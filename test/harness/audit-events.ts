// A client of the stream of audit events: reads server-sent events by fetch, as the page does, and keeps what came.
import type { Lab } from './lab-under-test.js';

export interface AuditEvent {
  readonly event: string;
  readonly id: string;
  readonly data: {
    readonly cursor?: string;
    readonly callId?: string;
    readonly tool?: string;
    readonly [key: string]: unknown;
  };
}

export interface AuditStream {
  readonly status: number;
  readonly headers: Headers;
  /** Of an answer that is no stream. */
  readonly refusal: { readonly code?: string; readonly message?: string };
  readonly events: AuditEvent[];
  readonly records: () => AuditEvent[];
  /** What a browser would send as Last-Event-ID. */
  readonly lastId: () => string;
  /** As the server last told it, milliseconds. */
  readonly retryMs: () => number | undefined;
  readonly closed: Promise<void>;
  readonly cut: () => void;
}

type Asked = Readonly<Record<string, string>>;

export async function auditStream(
  { url }: Pick<Lab, 'url'>,
  token: string | undefined,
  { query = {}, lastId }: { query?: Asked; lastId?: string } = {},
): Promise<AuditStream> {
  const controller = new AbortController();
  const response = await fetch(`${url}/audit/events?${new URLSearchParams(query)}`, {
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
    },
    signal: controller.signal,
  });
  const events: AuditEvent[] = [];
  const seen = { id: lastId ?? '', retryMs: undefined as number | undefined };
  const streams = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const closed = streams ? read(response, events, seen).catch(() => {}) : Promise.resolve();
  return {
    status: response.status,
    headers: response.headers,
    refusal: streams ? {} : ((await response.json()) as AuditStream['refusal']),
    events,
    records: () => events.filter(({ event }) => event === 'record'),
    lastId: () => seen.id,
    retryMs: () => seen.retryMs,
    closed,
    cut: () => controller.abort(),
  };
}

async function read(
  response: Response,
  events: AuditEvent[],
  seen: { id: string; retryMs: number | undefined },
): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      text = text.slice(end + 2);
      if (fields.has('id')) seen.id = fields.get('id') ?? '';
      if (fields.has('retry')) seen.retryMs = Number(fields.get('retry'));
      const data = fields.get('data');
      if (data !== undefined)
        events.push({
          event: fields.get('event') ?? 'message',
          id: seen.id,
          data: JSON.parse(data) as AuditEvent['data'],
        });
    }
  }
}
