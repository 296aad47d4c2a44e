// An archive of a model from an address: by https, or by http from this machine itself, and never more bytes than a model may have.
import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@labmesh/contracts';
import { MODEL_ARCHIVE_BYTES_MAX } from '@labmesh/encoder';

const REDIRECTS_MAX = 5;

export interface Downloading {
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Told how many bytes came, of how many where that is known. */
  readonly tell: (bytes: number, of: number | undefined) => void;
}

/** Where it lies now. @throws AppError invalid_input, unavailable, too_large */
export async function downloadModel(address: string, { folder, signal, tell }: Downloading): Promise<string> {
  const { response, url } = await answerOf(new URL(address), signal);
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const of = Number.isFinite(length) ? length : undefined;
  if (of !== undefined && of > MODEL_ARCHIVE_BYTES_MAX) throw tooLarge(address);
  const path = join(folder, basename(decodeURIComponent(url.pathname)) || 'model');
  let bytes = 0;
  const counting = new Transform({
    transform(piece: Buffer, _, done) {
      bytes += piece.byteLength;
      tell(bytes, of);
      if (bytes > MODEL_ARCHIVE_BYTES_MAX) done(tooLarge(address));
      else done(null, piece);
    },
  });
  try {
    await pipeline(
      Readable.fromWeb(response.body as never),
      counting,
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
      { signal },
    );
  } catch (error) {
    if (error instanceof AppError || signal.aborted) throw error;
    throw new AppError('unavailable', `Cannot fetch ${address}: it broke off. Try again.`, { cause: error });
  }
  return path;
}

/** Redirects are followed here, so that each address is looked at. */
async function answerOf(first: URL, signal: AbortSignal): Promise<{ response: Response; url: URL }> {
  let url = first;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    assertAllowed(url);
    const response = await fetch(url, { signal, redirect: 'manual' }).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new AppError('unavailable', `Cannot fetch ${url.href}: nobody answers there.`, { cause });
    });
    const next = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && next !== null) {
      await response.body?.cancel();
      url = new URL(next, url);
      continue;
    }
    if (response.ok && response.body !== null) return { response, url };
    throw new AppError('not_found', `Cannot fetch ${url.href}: it answers ${response.status}.`);
  }
  throw new AppError(
    'unavailable',
    `Cannot fetch ${first.href}: it leads to more than ${REDIRECTS_MAX} other addresses.`,
  );
}

function assertAllowed({ protocol, hostname, href }: URL): void {
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && isHere)) return;
  throw new AppError(
    'invalid_input',
    `Cannot fetch ${href}: a model is fetched by https, from this machine by http too.`,
  );
}

const tooLarge = (address: string): AppError =>
  new AppError('too_large', `Cannot fetch ${address}: it has more than ${MODEL_ARCHIVE_BYTES_MAX} bytes.`);
