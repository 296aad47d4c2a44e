// Fetches one file from an allowed host: bounded in size, time and redirects, each hop checked anew,
// and connected to the very address that was checked.
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AppError } from '@labmesh/contracts';
import { addressOf, type Resolve, resolveHost } from './addresses.js';
import { type AllowedHost, allowedBy, hostOf } from './allow-list.js';

export interface DownloadLimits {
  readonly allow: readonly AllowedHost[];
  /** For the body as sent, and once more unpacked. */
  readonly bytesMax: number;
  readonly timeoutMs: number;
  readonly resolve?: Resolve;
}

export interface Download {
  readonly bytes: Buffer;
  /** Where it came from after all redirects. */
  readonly url: URL;
}

const REDIRECTS_MAX = 5;
const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308]);

/**
 * The body behind an address. `signal` is the caller's.
 * @throws AppError forbidden for a host or address that is not allowed, too_large, cancelled, invalid_input for another scheme,
 *   upstream_failed for any answer but a whole 200 in time.
 */
export async function download(address: string, limits: DownloadLimits, signal: AbortSignal): Promise<Download> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  let url = new URL(address);
  try {
    for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
      const response = await open(url, limits, either);
      const location = REDIRECT_STATUS.has(response.statusCode ?? 0) ? response.headers.location : undefined;
      if (location === undefined) return { bytes: await bodyOf(response, limits.bytesMax, url), url };
      response.destroy();
      if (!URL.canParse(location, url.href)) throw failed(url, 'it redirects to something that is no address');
      url = new URL(location, url);
    }
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    if (signal.aborted) throw new AppError('cancelled', 'Gave up the fetch: the caller went away.', { cause: thrown });
    throw failed(url, timeout.aborted ? `no whole answer within ${limits.timeoutMs} ms` : reasonOf(thrown), thrown);
  }
  throw failed(url, `more than ${REDIRECTS_MAX} redirects`);
}

async function open(url: URL, limits: DownloadLimits, signal: AbortSignal): Promise<IncomingMessage> {
  allowedBy(url, limits.allow);
  const checked = await unlessAborted(addressOf(hostOf(url), limits.resolve ?? resolveHost), signal);
  const options: RequestOptions = {
    agent: false,
    signal,
    headers: { accept: '*/*', 'accept-encoding': 'gzip, deflate, br', 'user-agent': 'LabMesh-Curator' },
    // The name is not resolved again: a second answer could be another address.
    lookup: (_host, { all }, done) => {
      if (all === true) done(null, [checked]);
      else done(null, checked.address, checked.family);
    },
  };
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, resolve);
    sent.once('error', reject);
    sent.end();
  });
}

async function bodyOf(response: IncomingMessage, bytesMax: number, url: URL): Promise<Buffer> {
  try {
    if (response.statusCode !== 200) throw failed(url, `it answered with status ${response.statusCode}`);
    if (Number(response.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(url, bytesMax);
    const unpacked = unpack(response, { url, bytesMax });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > bytesMax) throw tooLarge(url, bytesMax);
      chunks.push(chunk);
    }
    if (!response.complete) throw failed(url, 'the answer broke off');
    return Buffer.concat(chunks);
  } finally {
    response.destroy();
  }
}

function unpack(response: IncomingMessage, { url, bytesMax }: { url: URL; bytesMax: number }): Readable {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const unpacker = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress }[
    encoding
  ];
  if (unpacker !== undefined) {
    const unpacked = unpacker();
    let size = 0;
    response.once('error', (error) => unpacked.destroy(error));
    // Packed bytes may unpack to nothing at all, without end.
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytesMax) response.destroy(tooLarge(url, bytesMax));
    });
    return response.pipe(unpacked);
  }
  if (encoding !== 'identity') throw failed(url, `its encoding "${encoding.slice(0, 40)}" is not supported`);
  return response;
}

/** Rejects as soon as the signal does, whatever the promise does. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The address without its query, which may hold a key. */
export const shownUrl = (url: URL): string => `${url.origin}${url.pathname}`;

const reasonOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message.slice(0, 200) : 'the connection failed';

const failed = (url: URL, why: string, cause?: unknown): AppError =>
  new AppError('upstream_failed', `Cannot fetch ${shownUrl(url)}: ${why}.`, { cause });

const tooLarge = (url: URL, bytesMax: number): AppError =>
  new AppError(
    'too_large',
    `Cannot fetch ${shownUrl(url)}: it is larger than ${bytesMax} bytes, the most a dataset holds.`,
  );
