// 200 schedules of faults, each from a seed: crashes after any page, refusals, broken replies, rows that move while they are paged
// through. Whatever happens, no row is lost and none is there twice.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiRow, type ChangingApi, changingApi, changingManifest } from '../../../../test/sources/changing-api.js';
import { type Fault, type StandIn, standIn } from '../../../../test/sources/stand-in.js';
import { type OpenSources, openSources, type Replica } from './open-sources.testing.js';

const SCHEDULES = 200;
const KINDS = ['page', 'offset', 'post', 'cursor', 'link', 'header'] as const;
const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 429 },
  { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'truncated' },
  { kind: 'cut-json' },
  { kind: 'gzip' },
  { kind: 'cut-gzip' },
  { kind: 'reset' },
];
/** Fetches of one schedule: each ends with the last page, a crash or a source that failed five times. */
const FETCHES_MAX = 60;

let sources: OpenSources;

beforeAll(async () => {
  sources = await openSources({ LABMESH_FETCH_ALLOW: '127.0.0.1' });
});
afterAll(async () => {
  await sources?.[Symbol.asyncDispose]();
});

/** The same numbers for the same seed (mulberry32). */
function chance(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    below,
    happens: (share: number): boolean => next() < share,
    of: <T>(items: readonly T[]): T => items[below(items.length)] as T,
  };
}
type Chance = ReturnType<typeof chance>;

const rowOf = (id: number, at: number): ApiRow => ({ id, at, text: `row ${id}` });

/** A replica that waits for nothing. */
function impatient(): Replica {
  const replica = sources.replica();
  Object.assign(replica.kinds.timing, { pause: async () => undefined, now: () => 0, random: () => 0 });
  return replica;
}

/** Fetches until the end; `crash` says whether the process ends after this page. */
async function fetchThrough(wish: { source: string; stream: string }, crash: (page: number) => boolean): Promise<void> {
  let page = 0;
  for (let fetches = 0; fetches < FETCHES_MAX; fetches += 1) {
    const ended = await oneFetch(wish, () => {
      page += 1;
      return crash(page);
    });
    if (ended === 'done') return;
    // Nobody renews what a process held that is gone.
    await sources.database.pool.query(
      `UPDATE "curator"."source_slices" SET held_until = now() - interval '1 second' WHERE source = $1`,
      [wish.source],
    );
  }
  throw new Error('never came to its end');
}

async function oneFetch(
  wish: { source: string; stream: string },
  crash: () => boolean,
): Promise<'done' | 'crashed' | 'failed'> {
  const within = { deadline: Number.MAX_SAFE_INTEGER, signal: new AbortController().signal, force: true };
  const fetching = impatient().fetcher.fetch(wish, within);
  try {
    for (;;) {
      const { done } = await fetching.next();
      if (done === true) return 'done';
      if (crash()) return 'crashed';
    }
  } catch (error) {
    if ((error as { code?: string }).code === 'upstream_failed') return 'failed';
    throw error;
  }
}

/** Rows come and go while they are paged through; answers those that were there all the time. */
function moving(changing: ChangingApi, { random, deletes }: { random: Chance; deletes: boolean }): Set<number> {
  const stayed = new Set(changing.rows.map(({ id }) => id));
  let newest = 1_000;
  let left = random.below(5);
  changing.beforeAnswer = () => {
    if (left === 0 || !random.happens(0.3)) return;
    left -= 1;
    const place = random.below(changing.rows.length + 1);
    if (deletes && random.happens(0.5)) {
      const [gone] = changing.rows.splice(place, 1);
      if (gone !== undefined) stayed.delete(gone.id);
    } else {
      newest += 1;
      changing.rows.splice(place, 0, rowOf(newest, 50 + random.below(3)));
    }
  };
  return stayed;
}

async function schedule(seed: number): Promise<void> {
  const random = chance(seed);
  const [kind, size] = [random.of(KINDS), 1 + random.below(6)];
  const incremental = kind !== 'header' && random.happens(0.4);
  const changing = changingApi(size);
  changing.rows = Array.from({ length: random.below(25) }, (_, id) => rowOf(id, random.below(40)));
  await using server: StandIn = await standIn(changing.api);
  const name = `seed-${seed}`;
  const manifest = changingManifest({ name, url: server.url, kind, size, ...(incremental ? { lookBack: 60 } : {}) });
  await sources.replica().catalog.add(manifest, 'test');
  const stayed = moving(changing, { random, deletes: !incremental });
  for (let at = 0; at < 60; at += 1) server.faults.push(random.happens(0.35) ? random.of(FAULTS) : undefined);
  const wish = { source: name, stream: 'rows' };
  await fetchThrough(wish, () => random.happens(0.25));
  const replica = impatient();
  const idsIn = async (): Promise<number[]> => {
    const { rows } = await sources.database.pool.query<{ row: string }>(
      `SELECT row FROM "curator"."source_rows" WHERE slice LIKE $1`,
      [`${name}/%`],
    );
    return rows.map(({ row }) => (JSON.parse(row) as ApiRow).id);
  };
  const first = await idsIn();
  expect(new Set(first).size, 'none twice').toBe(first.length);
  expect(
    [...stayed].filter((id) => !first.includes(id)),
    'none lost',
  ).toEqual([]);
  // Nothing moves any more: what the source has, the lab has.
  changing.beforeAnswer = () => undefined;
  server.faults.length = 0;
  const { dataset } = await replica.fetch(wish, { deadline: Number.MAX_SAFE_INTEGER });
  const stored = await replica.rowsOf(dataset.datasetId);
  expect(stored.map(({ id }) => id).sort()).toEqual(changing.rows.map(({ id }) => id).sort());
  expect(dataset.rows).toBe(stored.length);
  // What is there is read anew by each replica: it must not grow with the seeds.
  await replica.catalog.remove(name, 'test');
}

describe('a fetch under faults', () => {
  it.each(Array.from({ length: SCHEDULES / 20 }, (_, at) => at * 20 + 1))(
    'loses and doubles nothing, seeds from %d',
    async (from) => {
      for (let seed = from; seed < from + 20; seed += 1) {
        try {
          await schedule(seed);
        } catch (error) {
          throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
        }
      }
    },
  );
});
