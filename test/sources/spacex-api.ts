// SpaceX's API as r-spacex kept it, over launches made for tests: queries with pages, plain lists, errors as plain text.
import { json, type RecordedApi } from '../../apps/curator/src/recorded/recorded-api.js';

const LAUNCHES = Array.from({ length: 205 }, (_, at) => ({
  id: `5eb87cd9ffd86e000604b${String(at).padStart(3, '0')}`,
  name: `Flight ${at + 1}`,
  flight_number: at + 1,
  // Two at once, here and there.
  date_unix: 1_143_239_400 + Math.floor(at / 2) * 86_400,
  date_utc: new Date((1_143_239_400 + Math.floor(at / 2) * 86_400) * 1_000).toISOString(),
  tbd: false,
  crew: [{ crew: '5fe3ba5fb3467846b3242188', role: 'Commander' }],
}));
const LISTS = ['rockets', 'capsules', 'cores', 'crew', 'payloads'];
const LIMIT = 10;

interface Query {
  readonly query?: { readonly date_unix?: { readonly $gte?: number } };
  readonly options?: { readonly page?: number; readonly limit?: number; readonly pagination?: boolean };
}

const text = (status: number, body: string) => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});
const cached = { 'spacex-api-cache': 'MISS', 'cache-control': 'max-age=20' };

export const spacex: RecordedApi = async ({ method, url, headers, body }) => {
  const [, version, collection = '', rest = ''] = /^\/(v[45])\/([a-z]+)(?:\/(.*))?$/.exec(url.pathname) ?? [];
  if (version === undefined) return undefined;
  if (method === 'POST' && rest === 'query') return queried(collection, body);
  if (method !== 'GET')
    return headers['spacex-key'] === undefined ? text(401, 'Unauthorized') : text(400, 'Bad Request');
  const answer =
    LISTS.includes(collection) && rest === ''
      ? json([
          { id: `${collection}-1`, name: collection },
          { id: `${collection}-2`, name: collection },
        ])
      : text(404, 'Not Found');
  return { ...answer, headers: { ...answer.headers, ...cached } };
};

function queried(collection: string, body: string) {
  let asked: Query;
  try {
    asked = JSON.parse(body) as Query;
  } catch {
    return text(400, 'Unexpected end of JSON input');
  }
  const { page = 1, limit = LIMIT, pagination = true } = asked.options ?? {};
  const all =
    collection === 'launches'
      ? LAUNCHES.filter(({ date_unix: at }) => at >= (asked.query?.date_unix?.$gte ?? 0))
      : LAUNCHES.map(({ id }) => ({ id: `starlink-${id}`, height_km: 550.5 }));
  if (!pagination)
    return json({
      docs: all,
      totalDocs: all.length,
      limit: all.length,
      totalPages: 1,
      page: 1,
      hasNextPage: false,
      nextPage: null,
    });
  const totalPages = Math.max(1, Math.ceil(all.length / limit));
  return json({
    docs: all.slice((page - 1) * limit, page * limit),
    totalDocs: all.length,
    limit,
    totalPages,
    page,
    pagingCounter: (page - 1) * limit + 1,
    hasPrevPage: page > 1,
    hasNextPage: page < totalPages,
    prevPage: page > 1 ? page - 1 : null,
    nextPage: page < totalPages ? page + 1 : null,
  });
}
