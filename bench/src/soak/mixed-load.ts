// Everything that clients do at once: calls, lists, calls that are given up, streams that open and close, sessions of 2025.
import { request } from 'node:http';
import { loadAt, type Ready } from '../gateway/measure.js';
import { CALL, callOf, LIST, LISTEN, type Wire } from '../gateway/requests.js';

/** Connections that call, and that list, all the time. */
const CALLERS = 8;
const LISTERS = 2;
/** How long a call or a stream goes on before its client leaves, milliseconds. */
const LEAVE_MS = 25;
const WAIT = callOf('noop_wait');

export interface Interval {
  /** How much was done, by kind; errors since the start among them. */
  readonly counts: Readonly<Record<string, number>>;
  readonly errors: number;
}

export class MixedLoad {
  #errors = 0;

  constructor(private readonly target: Ready) {}

  async run(seconds: number): Promise<Interval> {
    const until = performance.now() + seconds * 1_000;
    const again = async (action: () => Promise<void>): Promise<number> => {
      let done = 0;
      for (; performance.now() < until; done++) await this.#counted(action);
      return done;
    };
    const load = async (wire: Wire, concurrency: number): Promise<number> => {
      let requests = 0;
      await this.#counted(async () => {
        requests = (await loadAt({ ...this.target, wire }, concurrency, { seconds })).requests;
      });
      return requests;
    };
    const [calls = 0, lists = 0, givenUp = 0, streams = 0, sessions = 0] = await Promise.all([
      load(CALL, CALLERS),
      load(LIST, LISTERS),
      again(() => this.#leave(WAIT)),
      again(() => this.#leave(LISTEN)),
      again(() => this.#session()),
    ]);
    const counts = { calls, lists, 'given up': givenUp, streams, sessions, errors: this.#errors };
    return { counts, errors: this.#errors };
  }

  async #counted(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#errors += 1;
      process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }

  #headers(more: Readonly<Record<string, string>>): Record<string, string> {
    return {
      authorization: `Bearer ${this.target.token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...more,
    };
  }

  /** Sends a request that is not answered to its end, and goes away while it lasts. */
  #leave({ body, headers }: Wire): Promise<void> {
    const address = { host: '127.0.0.1', port: this.target.port, method: 'POST', path: '/mcp' };
    return new Promise((resolve, reject) => {
      const sent = request({ ...address, headers: this.#headers(headers), agent: false }, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`a stream was answered ${answer.statusCode}`));
        answer.resume();
        // It ends because we leave.
        answer.once('error', () => {});
      });
      const gone = setTimeout(() => sent.destroy(), LEAVE_MS);
      sent.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ECONNRESET') reject(error);
      });
      sent.once('close', () => {
        clearTimeout(gone);
        resolve();
      });
      sent.end(body);
    });
  }

  /** A session from its first message to its end, with one call in it. */
  async #session(): Promise<void> {
    const version = '2025-11-25';
    const clientInfo = { name: 'soak', version: '1' };
    const opened = await this.#post('initialize', { protocolVersion: version, capabilities: {}, clientInfo });
    const session = { 'mcp-session-id': opened.sessionId, 'mcp-protocol-version': version };
    const { text } = await this.#post('tools/call', { name: 'noop_echo', arguments: { message: 'hello' } }, session);
    if (!text.includes('hello')) throw new Error(`a session answered ${text.slice(0, 200)}`);
    const url = `http://127.0.0.1:${this.target.port}/mcp`;
    const ended = await fetch(url, { method: 'DELETE', headers: this.#headers(session) });
    if (!ended.ok) throw new Error(`a session was ended with ${ended.status}`);
  }

  async #post(method: string, params: object, headers: Record<string, string> = {}) {
    const answer = await fetch(`http://127.0.0.1:${this.target.port}/mcp`, {
      method: 'POST',
      headers: this.#headers(headers),
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} was answered ${answer.status}: ${text.slice(0, 200)}`);
    return { text, sessionId: answer.headers.get('mcp-session-id') ?? '' };
  }
}
