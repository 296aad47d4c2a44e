// How a repository is asked over HTTP: only hosts that the operator listed, also after a redirect, with bounded answers, and with no
// credential.
import { AppError } from '@labmesh/contracts';
import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git';
import type { GitHost } from './git-hosts.js';
import type { GitPurpose } from './git-purpose.js';

const ANSWER_BYTES_MAX = 96 * 1024 * 1024;
const REDIRECTS_MAX = 3;

export function gitHttp(
  { hosts, what, instead }: Pick<GitPurpose, 'hosts' | 'what' | 'instead'>,
  signal: AbortSignal,
): HttpClient & { assertAllowed(url: URL): void } {
  const assertAllowed = (url: URL): void => {
    const listed = hosts.some(
      ({ host, port }) => url.hostname.toLowerCase() === host && (port === '' ? url.port === '' : portOf(url) === port),
    );
    if (listed && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '')
      return;
    throw new AppError(
      'forbidden',
      `Cannot take ${what} from ${url.host}: the operator allows ${hosts.length === 0 ? 'no host' : hosts.map(shown).join(', ')}. ${instead}`,
    );
  };
  const request = async ({ url, method = 'GET', headers = {}, body }: GitHttpRequest): Promise<GitHttpResponse> => {
    const content = body === undefined ? undefined : await gathered(body);
    let to = new URL(url);
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      assertAllowed(to);
      const answer = await fetch(to, {
        method,
        headers,
        redirect: 'manual',
        signal,
        ...(content === undefined ? {} : { body: new Uint8Array(content) }),
      });
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status >= 400 || location === null)
        return {
          url: to.href,
          method,
          statusCode: answer.status,
          statusMessage: answer.statusText,
          headers: Object.fromEntries(answer.headers),
          body: bounded(answer, what),
        };
      await answer.body?.cancel();
      to = new URL(location, to);
    }
    throw new AppError('unavailable', `Cannot take ${what} from ${to.host}: it redirects too often.`);
  };
  return { request, assertAllowed };
}

const shown = ({ host, port }: GitHost): string => (port === '' ? host : `${host}:${port}`);
const portOf = ({ port, protocol }: URL): string => (port === '' ? (protocol === 'https:' ? '443' : '80') : port);

async function gathered(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | AsyncIterableIterator<Uint8Array>,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* bounded({ body }: Response, what: string): AsyncIterableIterator<Uint8Array> {
  let bytes = 0;
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    if (bytes > ANSWER_BYTES_MAX)
      throw new AppError('too_large', `Cannot take ${what}: the repository sends more than ${ANSWER_BYTES_MAX} bytes.`);
    yield piece;
  }
}
