// What becomes of rows whose columns are others at a refresh: taken, refused with the last good version left in place, or left out.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandIn, standIn } from '../../../../test/sources/stand-in.js';
import { json } from '../recorded/recorded-api.js';
import { type OpenSources, openSources, type Replica } from './open-sources.testing.js';

type Row = Readonly<Record<string, unknown>>;

let sources: OpenSources;
let lab: Replica;
let server: StandIn;
const served = new Map<string, { rows: readonly Row[]; etag?: string }>();

beforeAll(async () => {
  server = await standIn(async ({ url, headers }) => {
    const { rows = [], etag } = served.get(url.pathname.slice(1)) ?? {};
    if (etag !== undefined && headers['if-none-match'] === etag) return { status: 304, headers: {}, body: '' };
    const since = Number(url.searchParams.get('since') ?? 0);
    const answer = json(rows.filter(({ id }) => Number(id) >= since));
    return etag === undefined ? answer : { ...answer, headers: { ...answer.headers, etag } };
  });
  sources = await openSources({ LABMESH_FETCH_ALLOW: '127.0.0.1' });
  lab = sources.replica();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await sources?.[Symbol.asyncDispose]();
});

let count = 0;
/** A source of its own, whose manifest says `drift` and `more` of its stream. */
function place(drift?: string, more: object = {}) {
  count += 1;
  const name = `drift-${count}`;
  const wish = { source: name, stream: 'rows' };
  const id = `ds_${name}-rows`;
  const manifest = (policy?: string) =>
    JSON.stringify({
      ...{ manifest: 1, name, title: 'Rows', description: 'For tests', licence: 'CC0-1.0', topics: ['tests'] },
      ...{ homepage: 'https://example.org', kind: 'http-json', baseUrl: server.url },
      streamDefaults: policy === undefined ? {} : { drift: policy },
      streams: { rows: { title: 'Rows', description: 'All', request: { path: `/${name}` }, freshness: '1h', ...more } },
    });
  return {
    wish,
    id,
    serve: (rows: readonly Row[], etag?: string) =>
      void served.set(name, etag === undefined ? { rows } : { rows, etag }),
    says: (policy?: string) => lab.catalog.add(manifest(policy), 'test'),
    begin: async (rows: readonly Row[]) => {
      served.set(name, { rows });
      await lab.catalog.add(manifest(drift), 'test');
      return lab.fetch(wish);
    },
    fetch: () => lab.fetch(wish),
    /** As who takes what is fresh as it is. */
    look: () => lab.fetch(wish, { force: false }),
    rows: () => lab.rowsOf(id),
    told: async () => (await lab.directory.get({ source: name })).datasets[0],
    version: async () => (await lab.store.find(id))?.version,
    log: () => sources.told.filter((text) => text.includes(` ${name} `)),
  };
}

const BEFORE = [{ id: 1, level: 0.5 }];
const WIDER = [{ id: 1, level: 0.5, tide: 'high' }];

describe('a source whose columns change', () => {
  it('takes them and says how they differ, where its manifest says nothing', async () => {
    const at = place();
    expect((await at.begin(BEFORE)).drift).toBeNull();
    at.serve(WIDER);
    const { drift, dataset } = await at.fetch();
    expect(drift).toStrictEqual({
      changes: [{ column: 'tide', kind: 'added', before: null, after: 'string', widens: true }],
      discarded: { columns: [], rows: 0 },
    });
    expect(dataset.version).toBe(2);
    expect(await at.rows()).toStrictEqual(WIDER);
  });

  it('keeps the last good version where they are frozen, says so, and tells the log once', async () => {
    const at = place('freeze');
    await at.begin(BEFORE);
    at.serve(WIDER);
    const why =
      /columns are frozen, and "tide" is added \(not there before, string now\)\. Its last good version stays/;
    await expect(at.fetch()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(why) as string,
      details: { drift: [{ column: 'tide', kind: 'added' }] },
    });
    await expect(at.fetch()).rejects.toMatchObject({ code: 'conflict' });
    expect(await at.rows()).toStrictEqual(BEFORE);
    expect(await at.told()).toMatchObject({ status: 'frozen', message: expect.stringMatching(why) as string });
    expect((await lab.directory.list({})).sources.find(({ name }) => name === at.wish.source)?.status).toBe('frozen');
    expect(at.log()).toStrictEqual([expect.stringMatching(why)]);
    // Asked again by itself when it would be anyway.
    expect((await at.told())?.refreshAt).not.toBeNull();
  });

  it('is as before when it has the columns of before again', async () => {
    const at = place('freeze');
    await at.begin(BEFORE);
    at.serve(WIDER);
    await expect(at.fetch()).rejects.toMatchObject({ code: 'conflict' });
    // Whole numbers are numbers.
    at.serve([{ id: 1, level: 7 }]);
    expect((await at.fetch()).drift).toBeNull();
    expect(await at.rows()).toStrictEqual([{ id: 1, level: 7 }]);
    expect(await at.told()).toMatchObject({ status: 'fresh', message: null });
  });

  it.each(['evolve', 'discard'])(
    'takes what was frozen when its manifest says %s, though nothing new came',
    async (policy) => {
      const at = place('freeze');
      await at.begin(BEFORE);
      at.serve([...WIDER, { id: 2, level: 1, tide: 'low' }]);
      await expect(at.fetch()).rejects.toMatchObject({ code: 'conflict' });
      await at.says(policy);
      const { drift, changed } = await at.look();
      expect([changed, drift?.discarded.columns]).toStrictEqual([0, policy === 'discard' ? ['tide'] : []]);
      expect((await at.rows()).map((row) => Object.keys(row).length)).toStrictEqual(
        policy === 'discard' ? [2, 2] : [3, 3],
      );
      expect(await at.told()).toMatchObject({ status: 'fresh' });
    },
  );

  it('asks again for what was refused: a source that has what it had is read whole', async () => {
    const at = place('freeze');
    await at.begin(BEFORE);
    at.serve(BEFORE, '"one"');
    await at.fetch();
    at.serve(WIDER, '"two"');
    await expect(at.fetch()).rejects.toMatchObject({ code: 'conflict' });
    at.serve(BEFORE, '"one"');
    expect((await at.fetch()).drift).toBeNull();
    expect(await at.rows()).toStrictEqual(BEFORE);
  });

  it('begins again where the last good version ended, so that corrected rows are found', async () => {
    const incremental = {
      ...{ primaryKey: ['/id'], cursor: { field: '/id' }, range: { format: 'integer', begin: { at: 0 } } },
      request: { path: `/drift-${count + 1}`, query: { since: '{from}' } },
    };
    const at = place('freeze', incremental);
    await at.begin(BEFORE);
    at.serve([...BEFORE, { id: 2, level: 'broken' }, { id: 3, level: 2 }]);
    await expect(at.fetch()).rejects.toThrow('"level" is retyped (number before, number or string now)');
    at.serve([...BEFORE, { id: 2, level: 1 }, { id: 3, level: 2 }]);
    await at.fetch();
    expect(server.seen.at(-1)?.path).toContain('since=1');
    expect((await at.rows()).map(({ level }) => level)).toStrictEqual([0.5, 1, 2]);
  });

  it('leaves out new columns, and rows of other types, and says which', async () => {
    const at = place('discard');
    await at.begin(BEFORE);
    at.serve([...WIDER, { id: 2, level: 'broken' }]);
    expect((await at.fetch()).drift).toMatchObject({
      changes: [
        { column: 'tide', kind: 'added' },
        { column: 'level', kind: 'retyped' },
      ],
      discarded: { columns: ['tide'], rows: 1 },
    });
    expect(await at.rows()).toStrictEqual(BEFORE);
    // What is left out changes nothing: no version is made of it, and nothing is told anew.
    expect(await at.version()).toBe(1);
    expect((await at.fetch()).drift).toBeNull();
    expect((await at.look()).cached).toBe(true);
    await at.says('evolve');
    await at.look();
    expect((await at.rows()).map((row) => Object.keys(row))).toStrictEqual([
      ['id', 'level', 'tide'],
      ['id', 'level'],
    ]);
  });

  it('is held to the schema of its manifest from the first fetch on', async () => {
    const schema = { properties: { id: { type: 'integer' }, level: { type: 'number', maximum: 1 } }, required: ['id'] };
    const discarding = place('discard', { schema });
    expect((await discarding.begin([...WIDER, { id: 2, level: 7 }])).drift?.discarded).toStrictEqual({
      columns: ['tide'],
      rows: 1,
    });
    expect(await discarding.rows()).toStrictEqual(BEFORE);
    const freezing = place('freeze', { schema });
    await expect(freezing.begin([{ id: 1, level: 7.5 }])).rejects.toThrow('1 of 1 rows do not fit the schema');
    expect(await freezing.told()).toMatchObject({ status: 'frozen' });
  });

  it('says in its manifest one of three words', async () => {
    await expect(place().says('ignore')).rejects.toThrow('streams.rows.drift: must be one of evolve, freeze, discard');
  });
});
