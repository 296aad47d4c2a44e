// Bytes to a server and what it answers, without an HTTP client that would correct them. Every exchange is bounded in time.
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Lower case, as it came. */
  readonly head: string;
  /** The text, without the marks of a chunked body. */
  readonly body: string;
}

/** How long a server that waits for more is waited for. */
const SILENCE_MS = 600;
/** A kept connection stays open after a whole answer, and nobody here uses it again. */
const AFTERWARDS_MS = 30;

export interface RawRequest {
  /** Written one after the other. */
  readonly pieces: ReadonlyArray<string | Buffer>;
  /** What happens after the last piece: wait for the answer, end the writing side, or cut the connection. */
  readonly after: 'wait' | 'end' | 'cut';
  /** For an answer that must come, however busy the machine is. */
  readonly silenceMs?: number;
}

/** The answers in the order they came; none when the connection was cut, or the server waits for more. */
export function rawExchange(port: number, { pieces, after, silenceMs = SILENCE_MS }: RawRequest): Promise<RawAnswer[]> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let quiet = setTimeout(() => socket.destroy(), silenceMs);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      clearTimeout(quiet);
      const whole = answersIn(Buffer.concat(chunks)).at(-1)?.whole ?? false;
      quiet = setTimeout(() => socket.destroy(), whole ? AFTERWARDS_MS : silenceMs);
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(quiet);
      resolve(answersIn(Buffer.concat(chunks)));
    });
    socket.once('connect', () => {
      for (const piece of pieces) socket.write(piece);
      if (after === 'end') socket.end();
      if (after === 'cut') setImmediate(() => socket.destroy());
    });
  });
}

interface FramedAnswer extends RawAnswer {
  /** False: more of the body may come; so it is of one that ends with its connection. */
  readonly whole: boolean;
}

function answersIn(bytes: Buffer): FramedAnswer[] {
  return bytes
    .toString('latin1')
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .map((one) => /^HTTP\/1\.1 (\d{3}) [^\r]*\r\n([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(one))
    .filter((match) => match !== null)
    .map(([, status, head = '', sent = '']) => {
      const { text, whole } = bodyOf(head.toLowerCase(), sent);
      return { status: Number(status), head: head.toLowerCase(), body: Buffer.from(text, 'latin1').toString(), whole };
    });
}

/** The body by its framing (RFC 9112, section 6.3). A request of HTTP/1.0 or older is answered with neither length nor chunks. */
function bodyOf(head: string, sent: string): { text: string; whole: boolean } {
  if (/^transfer-encoding: chunked$/m.test(head)) return chunksOf(sent);
  const length = /^content-length: (\d+)$/m.exec(head)?.[1];
  return { text: sent, whole: length !== undefined && sent.length >= Number(length) };
}

function chunksOf(sent: string): { text: string; whole: boolean } {
  let text = '';
  for (let at = 0; at < sent.length; ) {
    const line = sent.indexOf('\r\n', at);
    const size = line === -1 ? Number.NaN : Number.parseInt(sent.slice(at, line), 16);
    if (size === 0) return { text, whole: true };
    if (Number.isNaN(size)) break;
    text += sent.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
  return { text, whole: false };
}
