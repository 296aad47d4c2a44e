// Bytes to a server and what it answers, without an HTTP client that would correct them. Every exchange is bounded in time.
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Lower case, as it came. */
  readonly head: string;
  readonly body: string;
}

const SILENCE_MS = 600;

export interface RawRequest {
  /** Written one after the other. */
  readonly pieces: ReadonlyArray<string | Buffer>;
  /** What happens after the last piece: wait for the answer, end the writing side, or cut the connection. */
  readonly after: 'wait' | 'end' | 'cut';
}

/** The answers in the order they came; none when the connection was cut, or the server waits for more. */
export function rawExchange(port: number, { pieces, after }: RawRequest): Promise<RawAnswer[]> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let quiet = setTimeout(() => socket.destroy(), SILENCE_MS);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      clearTimeout(quiet);
      // What comes in one go is the answer: a kept connection stays open, and nobody here uses it again.
      quiet = setTimeout(() => socket.destroy(), 30);
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(quiet);
      resolve(answersIn(Buffer.concat(chunks).toString('latin1')));
    });
    socket.once('connect', () => {
      for (const piece of pieces) socket.write(piece);
      if (after === 'end') socket.end();
      if (after === 'cut') setImmediate(() => socket.destroy());
    });
  });
}

function answersIn(text: string): RawAnswer[] {
  return text
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .map((one) => /^HTTP\/1\.1 (\d{3}) [^\r]*\r\n([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(one))
    .filter((match) => match !== null)
    .map(([, status, head = '', body = '']) => ({ status: Number(status), head: head.toLowerCase(), body }));
}
