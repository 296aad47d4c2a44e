// An API over rows that come and go while somebody pages through them, in every way of paging that sources have.

import type { RecordedApi, RecordedRequest } from '../../apps/curator/src/recorded/recorded-api.js';
import { json } from '../../apps/curator/src/recorded/recorded-api.js';

export interface ApiRow {
  readonly id: number;
  /** What a cursor goes by; several rows may have the same. */
  readonly at: number;
  readonly text: string;
}

export interface ChangingApi {
  readonly api: RecordedApi;
  /** Newest last. */
  rows: ApiRow[];
  /** Runs before each answer, with how many there were. */
  beforeAnswer: (answered: number) => void;
  /** The next links lead back to the first page while this is true. */
  looping: boolean;
}

/** Answers at /page, /offset, /cursor, /link, /header and /post, of rows from ?since on. */
export function changingApi(size: number): ChangingApi {
  let answered = 0;
  const changing: ChangingApi = {
    rows: [],
    beforeAnswer: () => undefined,
    looping: false,
    api: async (request) => {
      const kind = request.url.pathname.slice(1);
      if (!Object.hasOwn(KINDS, kind)) return undefined;
      changing.beforeAnswer(answered);
      answered += 1;
      const since = Number(request.url.searchParams.get('since') ?? bodyOf(request).since ?? Number.NEGATIVE_INFINITY);
      const rows = changing.rows.filter(({ at }) => at >= since);
      return (KINDS[kind] as Kind)(rows, request, { size, looping: changing.looping });
    },
  };
  return changing;
}

type Kind = (
  rows: readonly ApiRow[],
  request: RecordedRequest,
  how: { size: number; looping: boolean },
) => ReturnType<typeof json>;

interface Body {
  readonly since?: number;
  readonly options?: { readonly page?: number; readonly limit?: number };
}

const bodyOf = ({ body }: RecordedRequest): Body => (body === '' ? {} : (JSON.parse(body) as Body));
const numberIn = ({ url }: RecordedRequest, name: string, otherwise: number): number =>
  Number(url.searchParams.get(name) ?? otherwise);

/** By place: what is inserted or taken away before moves all that follows. */
const byPlace = (rows: readonly ApiRow[], begin: number, size: number) => ({
  docs: rows.slice(begin, begin + size),
  total: rows.length,
});

/** By mark: rows in the order of their ids, after the last one. */
function byMark(rows: readonly ApiRow[], after: number, size: number) {
  const left = [...rows].sort((one, other) => one.id - other.id).filter(({ id }) => id > after);
  const docs = left.slice(0, size);
  return { docs, next: left.length > size ? docs.at(-1)?.id : undefined };
}

const KINDS: Readonly<Record<string, Kind>> = {
  page: (rows, request, { size }) => json(byPlace(rows, (numberIn(request, 'page', 1) - 1) * size, size)),
  offset: (rows, request, { size }) => json(byPlace(rows, numberIn(request, 'offset', 0), size)),
  post: (rows, request, { size }) => {
    const { page = 1, limit = size } = bodyOf(request).options ?? {};
    const { docs, total } = byPlace(rows, (page - 1) * limit, limit);
    return json({ docs, totalDocs: total, hasNextPage: page * limit < total });
  },
  cursor: (rows, request, { size }) => {
    const { docs, next } = byMark(rows, numberIn(request, 'cursor', -1), size);
    return json({ docs, next: next === undefined ? null : String(next) });
  },
  link: (rows, request, { size, looping }) => {
    const { docs, next } = byMark(rows, numberIn(request, 'after', -1), size);
    const to = looping ? -1 : next;
    return json({
      docs,
      links: to === undefined ? {} : { next: `/link?after=${to}&since=${request.url.searchParams.get('since') ?? ''}` },
    });
  },
  header: (rows, request, { size }) => {
    const { docs, next } = byMark(rows, numberIn(request, 'after', -1), size);
    const answer = json(docs);
    return next === undefined
      ? answer
      : { ...answer, headers: { ...answer.headers, link: `<${request.url.origin}/header?after=${next}>; rel="next"` } };
  },
};

/** The manifest of this API at `url`; incremental by `at` where `lookBack` is given. */
export function changingManifest({
  name,
  url,
  kind,
  size,
  lookBack,
}: {
  name: string;
  url: string;
  kind: string;
  size: number;
  lookBack?: number;
}): string {
  const since = lookBack === undefined ? {} : { since: '{from}' };
  const paginator: Record<string, object> = {
    page: { kind: 'page', size, total: '/total' },
    offset: { kind: 'offset', size, total: '/total' },
    post: { kind: 'page', size, more: '/hasNextPage', total: '/totalDocs' },
    cursor: { kind: 'cursor', next: '/next' },
    link: { kind: 'link', next: ['/links/next'] },
    header: { kind: 'link' },
  };
  const query: Record<string, object> = {
    page: { page: '{page}' },
    offset: { offset: '{offset}' },
    cursor: { cursor: '{cursor}' },
  };
  const request =
    kind === 'post'
      ? { method: 'POST', path: '/post', body: { ...since, options: { page: '{page}', limit: '{size}' } } }
      : { path: `/${kind}`, query: { ...query[kind], ...since } };
  return JSON.stringify({
    manifest: 1,
    name,
    title: 'Rows that change',
    description: 'For tests',
    licence: 'CC0-1.0',
    homepage: 'https://example.org',
    topics: ['tests'],
    kind: 'http-json',
    baseUrl: url,
    streams: {
      rows: {
        title: 'Rows',
        description: 'All of them',
        request,
        paginator: paginator[kind],
        records: { path: kind === 'header' ? '' : '/docs' },
        primaryKey: ['/id'],
        ...(lookBack === undefined
          ? {}
          : { range: { format: 'integer', begin: { at: 0 } }, cursor: { field: '/at', lookBack } }),
      },
    },
  });
}
