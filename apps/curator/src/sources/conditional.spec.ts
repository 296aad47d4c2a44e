// A request that is the same as before says what it knows (ETag, Last-Modified); one for another range, or of many pages, does not.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandIn, standIn } from '../../../../test/sources/stand-in.js';
import { json } from '../recorded/recorded-api.js';
import { type OpenSources, openSources, type Replica } from './open-sources.testing.js';

const MODIFIED = 'Sun, 01 Mar 2026 00:00:00 GMT';
const ROWS = [1, 2, 3, 4].map((id) => ({ id, at: `2026-01-0${id}` }));
const wish = (stream: string) => ({ source: 'tides', stream });

let sources: OpenSources;
let lab: Replica;
let server: StandIn;

const conditional = () =>
  server.seen.map(({ headers }) => headers['if-none-match'] ?? headers['if-modified-since'] ?? null);

beforeAll(async () => {
  // As servers of files do: what was not modified since is not sent, whatever the query asks for.
  server = await standIn(async ({ url, headers }) => {
    if (headers['if-none-match'] === '"one"' || headers['if-modified-since'] === MODIFIED)
      return { status: 304, headers: {}, body: '' };
    const { from = '', to = '~', page } = Object.fromEntries(url.searchParams);
    const rows = ROWS.filter(({ at }) => at >= from && at <= to);
    const answer = json(page === undefined ? rows : rows.slice((Number(page) - 1) * 2, Number(page) * 2));
    const tag: Record<string, string> = url.pathname === '/all' ? { etag: '"one"' } : { 'last-modified': MODIFIED };
    return { ...answer, headers: { ...answer.headers, ...tag } };
  });
  sources = await openSources({ LABMESH_FETCH_ALLOW: '127.0.0.1' });
  lab = sources.replica();
  const stream = (path: string, query: object, more: object = {}) => ({
    ...{ title: 'Rows', description: 'All', request: { path, query }, primaryKey: ['/id'], ...more },
  });
  await lab.catalog.add(
    JSON.stringify({
      ...{
        manifest: 1,
        name: 'tides',
        title: 'Tides',
        description: 'For tests',
        licence: 'CC0-1.0',
        topics: ['tests'],
      },
      ...{ homepage: 'https://example.org', kind: 'http-json', baseUrl: server.url },
      streams: {
        all: stream('/all', {}),
        days: stream(
          '/days',
          { from: '{from}', to: '{to}' },
          { range: { format: 'date', begin: { at: '2026-01-01' } }, cursor: { field: '/at' } },
        ),
        paged: stream('/paged', { page: '{page}' }, { paginator: { kind: 'page', size: 2 } }),
      },
    }),
    'test',
  );
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await sources?.[Symbol.asyncDispose]();
});

describe('a source that says what state its data is in', () => {
  it('is not read again while that is the same', async () => {
    server.seen.length = 0;
    await lab.fetch(wish('all'));
    expect(await lab.fetch(wish('all'))).toMatchObject({ rows: 0, changed: 0, dataset: { rows: 4, version: 1 } });
    expect(conditional()).toStrictEqual([null, '"one"']);
  });

  it('is asked for another range as if nothing were known, for the same again with what is', async () => {
    server.seen.length = 0;
    const days = (from: string, to: string) => lab.fetch({ ...wish('days'), from, to });
    await days('2026-01-01', '2026-01-02');
    expect((await days('2026-01-03', '2026-01-04')).dataset.rows).toBe(4);
    await days('2026-01-03', '2026-01-04');
    expect(conditional()).toStrictEqual([null, null, MODIFIED]);
  });

  it('is read whole where a stream has many pages', async () => {
    server.seen.length = 0;
    await lab.fetch(wish('paged'));
    await lab.fetch(wish('paged'));
    expect(new Set(conditional())).toStrictEqual(new Set([null]));
    expect(server.seen.length).toBeGreaterThanOrEqual(4);
  });
});
