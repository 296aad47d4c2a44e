// api.nasa.gov as its gateway behaves: a key by query or header, errors of its own, what is left of the hour in a header.
import { apod } from './apod.js';
import { donki } from './donki.js';
import { neows } from './neows.js';
import { json, type RecordedAnswer, type RecordedApi, type RecordedRequest } from './recorded-api.js';

const APIS: readonly RecordedApi[] = [donki, apod, neows];

export interface NasaLimits {
  /** Keys that are taken. */
  readonly keys: Pick<ReadonlySet<string>, 'has'>;
  /** Requests of this key that are left, this one counted; undefined: without end. */
  left?(key: string): number | undefined;
  readonly limit: number;
  /** Further APIs behind it. */
  readonly more?: readonly RecordedApi[];
}

const refused = (code: string, message: string, status: number): RecordedAnswer =>
  json({ error: { code, message } }, status);

export const nasaGateway =
  ({ keys, left, limit, more = [] }: NasaLimits): RecordedApi =>
  async (request: RecordedRequest) => {
    const key = request.headers['x-api-key'] ?? request.url.searchParams.get('api_key') ?? undefined;
    if (key === undefined)
      return refused('API_KEY_MISSING', 'No api_key was supplied. Get one at https://api.nasa.gov:443', 403);
    if (!keys.has(key))
      return refused('API_KEY_INVALID', 'An invalid api_key was supplied. Get one at https://api.nasa.gov:443', 403);
    const remaining = left?.(key);
    if (remaining !== undefined && remaining < 0)
      return refused(
        'OVER_RATE_LIMIT',
        'You have exceeded your rate limit. Try again later or contact us at https://api.nasa.gov:443/contact/ for assistance',
        429,
      );
    const answer = (await first([...APIS, ...more], request)) ?? GONE;
    const counted = {
      'x-ratelimit-limit': String(limit),
      ...(remaining === undefined ? {} : { 'x-ratelimit-remaining': String(remaining) }),
    };
    return { ...answer, headers: { ...answer.headers, ...counted } };
  };

async function first(apis: readonly RecordedApi[], request: RecordedRequest): Promise<RecordedAnswer | undefined> {
  for (const api of apis) {
    const answer = await api(request);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** What answers where an API was and is no more. */
export const GONE: RecordedAnswer = {
  status: 404,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html>\n<html>\n<head><title>404 Not Found</title></head>\n<body><h1>Not Found</h1></body>\n</html>\n',
};
