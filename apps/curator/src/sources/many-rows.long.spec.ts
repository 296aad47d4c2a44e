// 300,000 rows with one cursor value: each once, though the process is killed on the way, and a bookmark of a few values.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { json } from '../recorded/recorded-api.js';
import { changingManifest } from '../../../../test/sources/changing-api.js';
import { type StandIn, standIn } from '../../../../test/sources/stand-in.js';
import { type OpenSources, openSources } from './open-sources.testing.js';

const ROWS = 300_000;
const SIZE = 10_000;
const BOOKMARK_BYTES_MAX = 4_096;

let sources: OpenSources;
let server: StandIn;

beforeAll(async () => {
  sources = await openSources({ LABMESH_FETCH_ALLOW: '127.0.0.1' });
  server = await standIn(async ({ url }) => {
    const after = Number(url.searchParams.get('cursor') ?? -1);
    const docs = Array.from({ length: Math.min(SIZE, ROWS - after - 1) }, (_, at) => ({ id: after + 1 + at, at: 16 }));
    const last = docs.at(-1)?.id ?? ROWS;
    return json({ docs, next: last + 1 < ROWS ? String(last) : null });
  });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await sources?.[Symbol.asyncDispose]();
});

it('each row is there once, and the bookmark stays small', async () => {
  const lab = sources.replica();
  await lab.catalog.add(
    changingManifest({ name: 'many', url: server.url, kind: 'cursor', size: SIZE, lookBack: 1 }),
    'test',
  );
  const wish = { source: 'many', stream: 'rows' };
  const within = { deadline: Number.MAX_SAFE_INTEGER, signal: new AbortController().signal, force: true };
  const killed = lab.fetcher.fetch(wish, within);
  for (let page = 0; page < 7; page += 1) await killed.next();
  await sources.database.pool.query(`UPDATE "curator"."source_slices" SET held_until = now() - interval '1 second'`);
  let largest = 0;
  const fetching = sources.replica().fetcher.fetch(wish, within);
  for (;;) {
    const next = await fetching.next();
    const { rows } = await sources.database.pool.query<{ bytes: number }>(
      'SELECT octet_length(bookmark::text) AS bytes FROM "curator"."source_slices"',
    );
    largest = Math.max(largest, rows[0]?.bytes ?? 0);
    if (next.done === true) {
      expect(next.value.dataset.rows).toBe(ROWS);
      break;
    }
  }
  expect(largest).toBeLessThan(BOOKMARK_BYTES_MAX);
  expect(server.seen).toHaveLength(ROWS / SIZE);
  // All of them come again, since none is later than the look-back: none is doubled, and nothing new is stored.
  expect(await lab.fetch(wish, { deadline: Number.MAX_SAFE_INTEGER })).toMatchObject({
    rows: ROWS,
    changed: 0,
    dataset: { rows: ROWS, version: 1 },
  });
});
