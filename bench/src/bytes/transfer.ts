// A large body to a server, and one from it, as fast as it goes; nothing of it is kept here.
import { randomBytes } from 'node:crypto';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { residentMb } from '../start/timed-process.js';

const PIECE = randomBytes(1024 * 1024);

export interface Asked {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Bytes of its body. */
  readonly bytes: number;
}

function* pieces(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= PIECE.length) yield left < PIECE.length ? PIECE.subarray(0, left) : PIECE;
}

/** @param bytes of the body; without one when left out */
export async function ask({ port, method, path, headers = {} }: Asked, bytes = 0): Promise<Answered> {
  const sent = bytes === 0 ? {} : { 'content-length': bytes };
  const req = request({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...sent }, agent: false });
  const answered = new Promise<Answered>((resolve, reject) => {
    req.once('error', reject);
    req.once('response', (res) => {
      let got = 0;
      res.on('data', (chunk: Buffer) => (got += chunk.length));
      res.once('error', reject);
      res.once('close', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, bytes: got }));
    });
  });
  await pipeline(Readable.from(pieces(bytes), { objectMode: true }), req);
  return answered;
}

const LOOK_EVERY_MS = 50;

/** What a process takes at most while something goes on, MB resident. */
export async function peakMb<T>(pid: number, work: () => Promise<T>): Promise<{ value: T; mb: number }> {
  let mb = residentMb(pid);
  const timer = setInterval(() => (mb = Math.max(mb, residentMb(pid))), LOOK_EVERY_MS);
  try {
    return { value: await work(), mb };
  } finally {
    clearInterval(timer);
  }
}
