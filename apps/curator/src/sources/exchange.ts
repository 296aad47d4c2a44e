// One HTTP request to a host that was admitted: bounded in size, time and redirects, each hop admitted and resolved anew,
// and connected to the very address that was checked. Knows nothing of datasets and sources.
import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AppError } from '@labmesh/contracts';
import { addressOf, type Resolve, resolveHost, type Trust } from './addresses.js';
import { hostOf } from './allow-list.js';

export interface HttpRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Go to the origin of `url` alone: a redirect to another one leaves them out. */
  readonly secretHeaders?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ExchangeLimits {
  /** Whether the operator named this host, or it must be one of the open internet. @throws AppError when it is neither */
  readonly admit: (url: URL) => Trust;
  /** For the body as sent, and once more unpacked. */
  readonly bytesMax: number;
  /** For everything, from the first name looked up to the last byte. */
  readonly timeoutMs: number;
  readonly resolve?: Resolve;
  /** Statuses whose body is read; any other fails. Left out: all. */
  readonly accepts?: (status: number) => boolean;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** Where it came from after all redirects. */
  readonly url: URL;
}

const REDIRECTS_MAX = 5;
const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308]);
/** After these the method and the body stay. */
const SAME_REQUEST = new Set([307, 308]);

/**
 * The reply to a request. `signal` is the caller's.
 * @throws AppError forbidden for a host or address that is not admitted, too_large, cancelled, invalid_input for another scheme,
 *   upstream_failed when there is no whole reply in time
 */
export async function exchange(request: HttpRequest, limits: ExchangeLimits, signal: AbortSignal): Promise<HttpReply> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  return following(request, { ...limits, signal, timeout }, async (response, url) => {
    const bytes = await bodyOf(response, limits.bytesMax, url);
    return { status: response.statusCode ?? 0, headers: response.headers, bytes, url };
  });
}

/** Most time for a body that is taken as it comes. */
const STREAM_MS = 15 * 60_000;

/**
 * Gives the body to `take` as it comes, unpacked. Here the time limit is for the reply's beginning, and for each pause in it.
 * @throws AppError as `exchange`, and what `take` throws
 */
export async function streamed<T>(
  request: HttpRequest,
  limits: ExchangeLimits & { readonly signal: AbortSignal },
  take: (body: AsyncIterable<Buffer>, url: URL) => Promise<T>,
): Promise<T> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), limits.timeoutMs);
  const timeout = AbortSignal.any([silence.signal, AbortSignal.timeout(STREAM_MS)]);
  try {
    return await following(request, { ...limits, timeout }, (response, url) =>
      take(heard(chunksOf(response, limits.bytesMax, url), timer), url),
    );
  } finally {
    clearTimeout(timer);
  }
}

async function* heard(chunks: AsyncIterable<Buffer>, timer: NodeJS.Timeout): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of chunks) {
    timer.refresh();
    yield chunk;
  }
}

interface Following extends ExchangeLimits {
  /** The caller's. */
  readonly signal: AbortSignal;
  readonly timeout: AbortSignal;
}

/** Follows redirects to the reply, and reads that. */
async function following<T>(
  request: HttpRequest,
  limits: Following,
  read: (response: IncomingMessage, url: URL) => Promise<T>,
): Promise<T> {
  const { signal, timeout } = limits;
  const either = AbortSignal.any([signal, timeout]);
  let asked = request;
  try {
    for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
      const { url } = asked;
      const response = await open(asked, limits, either);
      const status = response.statusCode ?? 0;
      const location = REDIRECT_STATUS.has(status) ? response.headers.location : undefined;
      if (location === undefined) {
        if (limits.accepts?.(status) === false) {
          response.destroy();
          throw failed(url, `it answered with status ${status}`);
        }
        return await read(response, url);
      }
      response.destroy();
      if (!URL.canParse(location, url.href)) throw failed(url, 'it redirects to something that is no address');
      asked = redirected(asked, new URL(location, url), status);
    }
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    if (signal.aborted) throw new AppError('cancelled', 'Gave up the fetch: the caller went away.', { cause: thrown });
    throw failed(
      asked.url,
      timeout.aborted ? `no whole answer within ${limits.timeoutMs} ms` : reasonOf(thrown),
      thrown,
    );
  }
  throw failed(asked.url, `more than ${REDIRECTS_MAX} redirects`);
}

function redirected(before: HttpRequest, url: URL, status: number): HttpRequest {
  const { secretHeaders = {}, headers = {}, method = 'GET', body } = before;
  const kept = url.origin === before.url.origin ? { secretHeaders } : {};
  const again = SAME_REQUEST.has(status) && body !== undefined ? { method, body } : {};
  return { url, headers, ...kept, ...again };
}

async function open(request: HttpRequest, limits: ExchangeLimits, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, method = 'GET', body } = request;
  const trust = limits.admit(url);
  const checked = await unlessAborted(addressOf(hostOf(url), limits.resolve ?? resolveHost, trust), signal);
  const options: RequestOptions = {
    method,
    agent: false,
    signal,
    headers: {
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br',
      'user-agent': 'LabMesh-Curator',
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      ...request.headers,
      ...request.secretHeaders,
    },
    // The name is not resolved again: a second answer could be another address.
    lookup: (_host, { all }, done) => {
      if (all === true) done(null, [checked]);
      else done(null, checked.address, checked.family);
    },
  };
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, resolve);
    sent.once('error', reject);
    sent.end(body);
  });
}

async function bodyOf(response: IncomingMessage, bytesMax: number, url: URL): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(response, bytesMax, url)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The body as it comes, unpacked. @throws AppError too_large, or upstream_failed when it breaks off */
async function* chunksOf(response: IncomingMessage, bytesMax: number, url: URL): AsyncGenerator<Buffer, void, void> {
  try {
    if (Number(response.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(url, bytesMax);
    const unpacked = unpack(response, { url, bytesMax });
    let size = 0;
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > bytesMax) throw tooLarge(url, bytesMax);
      yield chunk;
    }
    if (!response.complete) throw failed(url, 'the answer broke off');
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
    `Cannot fetch ${shownUrl(url)}: it is larger than ${bytesMax} bytes, the most that is taken at once.`,
  );
