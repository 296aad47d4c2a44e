// Reads a request body within a bound. Never buffers more than the bound, never trusts Content-Length.
import type { IncomingMessage } from 'node:http';
import { AppError, DATASET_BYTES_MAX } from '@labmesh/contracts';

/**
 * Largest request body, bytes (10 MiB): the largest dataset in it and what is said of it, also where JSON writes two bytes for one
 * (quotes and ends of lines) or three (\u00e9). So a dataset that is too large is refused by its own limit.
 */
export const BODY_BYTES_MAX = 3 * DATASET_BYTES_MAX + 1024 * 1024;
/** How fast a body must come. */
export interface Pace {
  /** All of it within this time, … */
  readonly totalMs: number;
  /** …and in each stretch of this length at least so many bytes. */
  readonly stretchMs: number;
  readonly stretchBytes: number;
}
const PACE: Pace = { totalMs: 30_000, stretchMs: 5_000, stretchBytes: 5 * 1024 };
/** What is read of a refused body before the connection is cut. */
const DISCARD_BYTES_MAX = 64 * 1024 * 1024;
const DISCARD_MS = 5_000;

/** @throws AppError too_large, deadline_exceeded, or cancelled when the client goes away */
export function readBody(req: IncomingMessage, maxBytes = BODY_BYTES_MAX, pace = PACE): Promise<Buffer> {
  if (Number(req.headers['content-length']) > maxBytes) {
    discardBody(req);
    return Promise.reject(tooLarge(maxBytes));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let seen = 0;
    let stretches = 0;
    let ended = false;
    const end = (): void => {
      ended = true;
      clearTimeout(timer);
    };
    const refuse = (refusal: AppError): void => {
      end();
      req.off('data', onData);
      discardBody(req);
      reject(refusal);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else refuse(tooLarge(maxBytes));
    };
    const look = (): void => {
      stretches += 1;
      if (size - seen < pace.stretchBytes || stretches * pace.stretchMs >= pace.totalMs) {
        refuse(tooSlow());
        return;
      }
      seen = size;
      timer = setTimeout(look, pace.stretchMs);
    };
    let timer = setTimeout(look, pace.stretchMs);
    req.on('data', onData);
    req.on('end', () => {
      if (ended) return;
      end();
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    // A request that breaks off is closed too. Node tells its error only to who listens to that, and nobody needs it.
    req.on('close', () => {
      if (ended) return;
      end();
      reject(new AppError('cancelled', 'The request broke off'));
    });
  });
}

/**
 * Reads the rest of a refused body and forgets it, within bounds: a connection that is cut while the client still writes
 * takes the refusal with it.
 */
export function discardBody(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return void req.resume();
  let rest = 0;
  const cut = setTimeout(() => req.destroy(), DISCARD_MS);
  req.once('close', () => clearTimeout(cut));
  req.on('data', (chunk: Buffer) => {
    rest += chunk.length;
    if (rest > DISCARD_BYTES_MAX) req.destroy();
  });
}

const tooSlow = (): AppError =>
  new AppError('deadline_exceeded', 'The request body did not arrive in time: send it faster, or less at once');

const tooLarge = (maxBytes: number): AppError =>
  new AppError('too_large', `The request body is larger than ${maxBytes} bytes: send less at once`);
