// HTTP as it is on the wire: what is sent is not improved, what comes back is not interpreted. No MCP client in between.
import { Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

export interface Sent {
  readonly method?: string;
  /** Undefined values are left out; a list is sent as repeated headers. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Pieces are written one by one. */
  readonly body?: string | Buffer | ReadonlyArray<string | Buffer>;
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Everything that came, also of an answer that broke off. */
  readonly text: string;
  readonly end: 'complete' | 'cut' | 'silent';
}

/** An answer that is being received. */
export interface Open {
  /** Resolves with what came when the answer ends, `holds` says it is enough, or the time is over. */
  until(holds?: (text: string) => boolean): Promise<Got>;
  close(): void;
}

/** No answer at all within this time is recorded as silence. */
const SILENCE_MS = 60_000;

export class Wire {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

  constructor(
    readonly port: number,
    readonly path: string,
  ) {}

  close(): void {
    this.#agent.destroy();
  }

  /** Sends and gives up before any answer: the returned function closes the connection. */
  begin(sent: Sent): () => void {
    const started = this.#request(sent);
    return () => void started.destroy();
  }

  async send(sent: Sent): Promise<Got> {
    const open = await this.open(sent);
    const got = await open.until();
    open.close();
    return got;
  }

  async open(sent: Sent, again = true): Promise<Open> {
    const started = this.#request(sent);
    try {
      return reading(started, await answerOf(started));
    } catch (error) {
      // An idle connection may be closed by the server just as it is used again: that says nothing about the server.
      if (again && started.reusedSocket) return this.open(sent, false);
      return nothing((error as NodeJS.ErrnoException).code === SILENT ? 'silent' : 'cut');
    }
  }

  #request({ method = 'POST', headers, body = '' }: Sent): ClientRequest {
    const given = Object.entries(headers).filter(([, value]) => value !== undefined) as Array<
      [string, string | string[]]
    >;
    const pieces = Array.isArray(body) ? (body as Array<string | Buffer>) : [body as string | Buffer];
    const sized =
      pieces.length === 1 && method === 'POST' ? { 'content-length': Buffer.byteLength(pieces[0] ?? '') } : {};
    const out = request({
      host: '127.0.0.1',
      port: this.port,
      path: this.path,
      method,
      agent: this.#agent,
      headers: { ...sized, ...Object.fromEntries(given) },
    });
    out.on('error', () => {});
    if (method === 'POST') for (const piece of pieces) out.write(piece);
    out.end();
    return out;
  }
}

const SILENT = 'SILENT';

function answerOf(out: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => out.destroy(Object.assign(new Error('no answer'), { code: SILENT })), SILENCE_MS);
    out.once('response', (answer) => {
      clearTimeout(late);
      resolve(answer);
    });
    out.once('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
  });
}

const nothing = (end: Got['end']): Open => ({
  until: () => Promise.resolve({ status: 0, headers: {}, text: '', end }),
  close: () => {},
});

function reading(out: ClientRequest, answer: IncomingMessage): Open {
  const chunks: Buffer[] = [];
  let end: Got['end'] | undefined;
  let changed = (): void => {};
  answer.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    changed();
  });
  answer.on('error', () => {});
  answer.once('close', () => {
    end = answer.complete ? 'complete' : 'cut';
    changed();
  });
  const text = (): string => Buffer.concat(chunks).toString('utf8');
  return {
    until: (holds) =>
      new Promise((resolve) => {
        const settle = (how: Got['end']): void => {
          clearTimeout(late);
          changed = () => {};
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: text(), end: how });
        };
        const late = setTimeout(() => settle('silent'), SILENCE_MS);
        changed = () => {
          if (end !== undefined) settle(end);
          else if (holds?.(text()) === true) settle('silent');
        };
        changed();
      }),
    close: () => out.destroy(),
  };
}
