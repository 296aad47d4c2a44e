// Bytes of the lab's data plane: GET /blobs/<id>, from any place on.
import type { IncomingMessage } from 'node:http';
import { AppError } from '@labmesh/contracts';
import { type Attempt, unreachable } from './failure.js';
import { get } from './get.js';

interface DownloadOptions extends Attempt {
  readonly token: string | undefined;
  /** Where to begin, counted in bytes. */
  readonly from: number;
}

/** @throws AppError; while it is read, too */
export async function download(address: URL, options: DownloadOptions): Promise<AsyncIterable<Uint8Array>> {
  const { from } = options;
  const range: Record<string, string> = from === 0 ? {} : { range: `bytes=${from}-` };
  return chunksOf(await get(address, { ...options, headers: range, wanted: from === 0 ? 200 : 206 }), options);
}

async function* chunksOf(res: IncomingMessage, attempt: Attempt): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of res) yield chunk as Buffer;
  } catch (cause) {
    if (attempt.signal.aborted) throw unreachable(attempt, cause);
    throw new AppError('unavailable', 'The connection to the lab broke. What came is kept: the same command goes on.', {
      cause,
    });
  }
}
