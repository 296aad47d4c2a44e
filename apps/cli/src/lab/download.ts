// Bytes of the lab's data plane: GET /blobs/<id>, from any place on. What is not 200 or 206 leaves here as an AppError.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { AppError } from '@labmesh/contracts';
import { type Attempt, httpFailure, unreachable } from './failure.js';

interface DownloadOptions extends Attempt {
  readonly token: string | undefined;
  /** Where to begin, counted in bytes. */
  readonly from: number;
}

/** No byte for so long: the line is dead. */
const SILENT_MS = 60_000;

/** @throws AppError; while it is read, too */
export async function download(address: URL, options: DownloadOptions): Promise<AsyncIterable<Uint8Array>> {
  const { token, from, signal } = options;
  const headers: Record<string, string> = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(from === 0 ? {} : { range: `bytes=${from}-` }),
  };
  const send = address.protocol === 'https:' ? (await import('node:https')).request : httpRequest;
  const res = await new Promise<IncomingMessage>((resolve, reject) => {
    const req = send(address, { headers, signal, timeout: SILENT_MS }, resolve);
    req
      .on('timeout', () => req.destroy(new Error('the lab is silent')))
      .on('error', reject)
      .end();
  }).catch((cause: unknown) => {
    throw unreachable(options, cause);
  });
  const { statusCode: status = 0 } = res;
  if (status !== (from === 0 ? 200 : 206)) throw await refusal(res, status, options);
  return chunksOf(res, options);
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

async function refusal(res: IncomingMessage, status: number, attempt: Attempt): Promise<AppError> {
  const chunks: Buffer[] = [];
  for await (const chunk of res) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return saidBy(text) ?? httpFailure({ status, text }, attempt);
}

/** The lab's own words, where it was the lab. */
function saidBy(text: string): AppError | undefined {
  try {
    const { code, message } = JSON.parse(text) as { code?: unknown; message?: unknown };
    return code === 'not_found' && typeof message === 'string' ? new AppError('not_found', message) : undefined;
  } catch {
    return undefined;
  }
}
