// A dump comes back as it was: between the two kinds of database, for values of every type that tables have, past the guards of
// the rows and their references; and only into a database that holds nothing.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { postgresDatabase, type TestDatabase, temporaryFolder } from '@labmesh/testing';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.js';
import { type CarriedDatabase, carriedDatabase } from './carried-database.js';
import { type DumpPart, dumpOf } from './dump.js';
import { dumpLines, partsOf } from './dump-lines.js';
import { beginRestore, checkTarget, finishRestore } from './restore-database.js';

/** Like the lab's tables, and worse: rows that only a function may write, references in a circle, what is worked out. */
const STRANGE = `
  CREATE SCHEMA strange;
  CREATE TABLE strange.rows (
    id BIGSERIAL PRIMARY KEY, word TEXT, small SMALLINT, amount NUMERIC, real8 DOUBLE PRECISION, flag BOOLEAN, bytes BYTEA,
    at TIMESTAMPTZ(3), day DATE, doc JSONB, raw JSON, uid UUID, words TEXT[], numbers INTEGER[], short VARCHAR(40),
    "odd ""name" TEXT, twice INTEGER GENERATED ALWAYS AS (small * 2) STORED, parent BIGINT);
  CREATE TABLE strange.twins (key TEXT COLLATE "C" PRIMARY KEY, row_id BIGINT NOT NULL REFERENCES strange.rows (id));
  ALTER TABLE strange.rows ADD CONSTRAINT to_parent FOREIGN KEY (parent) REFERENCES strange.rows (id);
  CREATE TABLE strange.no_key (what TEXT);
  CREATE FUNCTION strange.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not by hand'; END $$;`;
const GUARDED = `CREATE TRIGGER guarded BEFORE INSERT OR UPDATE OR DELETE ON strange.rows FOR EACH ROW EXECUTE FUNCTION strange.refuse();
  CREATE TRIGGER stays BEFORE TRUNCATE ON strange.rows FOR EACH STATEMENT EXECUTE FUNCTION strange.refuse();`;

const text = fc.string({ unit: 'binary' }).map((word) => word.replaceAll('\0', '').toWellFormed());
const row = fc.record({
  word: fc.option(text),
  small: fc.option(fc.integer({ min: -16_000, max: 16_000 })),
  amount: fc.option(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map((value) => `${value}.000100`)),
  real8: fc.option(fc.double({ noNaN: false })),
  flag: fc.option(fc.boolean()),
  bytes: fc.option(fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))),
  at: fc.option(fc.date({ noInvalidDate: true, min: new Date('0100-01-01'), max: new Date('9999-01-01') })),
  day: fc.option(fc.constantFrom('2024-02-29', 'infinity', '4713-01-01 BC')),
  doc: fc.option(text.map((inner) => JSON.stringify({ inner, n: [1, null, true] }))),
  raw: fc.option(fc.constantFrom('{"b":1,  "a":2,"a":3}', '[1.0, 1e400]', '"\\u00e9"')),
  uid: fc.option(fc.uuid()),
  words: fc.option(fc.array(text, { maxLength: 4 })),
  numbers: fc.option(fc.array(fc.integer(), { maxLength: 4 })),
  short: fc.option(text.map((word) => [...word].slice(0, 20).join(''))),
  odd: fc.option(text),
});
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

async function fill(pool: pg.Pool, rows: readonly Row[]): Promise<void> {
  for (const one of rows)
    await pool.query(
      `INSERT INTO strange.rows (word, small, amount, real8, flag, bytes, at, day, doc, raw, uid, words, numbers, short, "odd ""name", parent)
       VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15, currval('strange.rows_id_seq'))`,
      Object.values(one),
    );
  await pool.query(`INSERT INTO strange.twins SELECT 'key ' || id, id FROM strange.rows`);
  await pool.query(`INSERT INTO strange.no_key SELECT word FROM strange.rows`);
}

/** All of a dump but when it was made, by what is in it. */
async function fingerprint(pool: pg.Pool): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  let hash = createHash('sha256');
  let at = '';
  let rows = 0;
  for await (const part of dumpOf(pool)) {
    if (part.kind === 'table') [at, hash, rows] = [`${part.table.schema}.${part.table.name}`, createHash('sha256'), 0];
    if (part.kind === 'rows') {
      rows += part.lines.length;
      hash.update(`${part.lines.join('\n')}\n`);
    }
    if (part.kind === 'end') found.sequences = part.sequences;
    else if (part.kind !== 'start') found[at] = { rows, sha256: hash.copy().digest('hex') };
  }
  return found;
}

async function migrationsOf(pool: pg.Pool) {
  for await (const part of dumpOf(pool)) if (part.kind === 'start') return part.migrations;
  throw new Error('a dump without a beginning');
}

const asLines = (parts: AsyncIterable<DumpPart>): AsyncIterable<DumpPart> => partsOf(Readable.from(dumpLines(parts)));

let folder: string;
let source: Database;
const servers: TestDatabase[] = [];
const open: Array<{ [Symbol.asyncDispose](): PromiseLike<void> }> = [];

async function server(): Promise<CarriedDatabase> {
  const database = await postgresDatabase();
  servers.push(database);
  const carried = await carriedDatabase({ url: database.url, folder: '' });
  open.push(carried);
  return carried;
}

async function embedded(name: string): Promise<CarriedDatabase> {
  const carried = await carriedDatabase({ folder: `${folder}/${name}` });
  open.push(carried);
  return carried;
}

beforeAll(async () => {
  folder = await temporaryFolder('carry');
  source = await openDatabase({ folder: `${folder}/source` });
  await source.pool.query(STRANGE);
  await source.pool.query('ALTER SEQUENCE strange.rows_id_seq RESTART WITH 9007199254740993');
  await source.pool.query(`INSERT INTO strange.rows (word) VALUES ('the first')`);
  await fill(source.pool, fc.sample(row, 300));
  await source.pool.query(GUARDED);
});
afterAll(async () => {
  for (const one of open.reverse()) await one[Symbol.asyncDispose]();
  await source?.close();
  for (const one of servers) await one[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function carried(from: pg.Pool, to: CarriedDatabase): Promise<void> {
  const origin = { id: 'bak_1', migrations: await migrationsOf(from) };
  expect(await checkTarget(to.pool, origin)).toEqual({ again: false, forward: [] });
  await beginRestore(to.pool, origin);
  await to.pool.query(STRANGE + GUARDED);
  await finishRestore(to.pool, asLines(dumpOf(from)), { ready: () => Promise.resolve() });
}

describe('a dump', () => {
  it('is the same from embedded to a server, to another server, and back', async () => {
    const [first, second, third] = [await server(), await server(), await embedded('back')];
    const was = await fingerprint(source.pool);
    expect(was['strange.rows']).toMatchObject({ rows: 301 });
    await carried(source.pool, first);
    expect(await fingerprint(first.pool)).toEqual(was);
    await carried(first.pool, second);
    expect(await fingerprint(second.pool)).toEqual(was);
    await carried(second.pool, third);
    expect(await fingerprint(third.pool)).toEqual(was);
    await expect(third.pool.query('DELETE FROM strange.rows')).rejects.toThrow('not by hand');
    await expect(third.pool.query(`INSERT INTO strange.twins VALUES ('x', 1)`)).rejects.toThrow('foreign key');
    await expect(checkTarget(third.pool, { id: 'bak_1', migrations: await migrationsOf(third.pool) })).rejects.toThrow(
      /in use: its table strange\./,
    );
  });

  it('is of one instant, whatever is written meanwhile', async () => {
    const one = await server();
    await one.pool.query('CREATE SCHEMA moving; CREATE TABLE moving.a (n INT); CREATE TABLE moving.b (n INT)');
    await one.pool.query(
      `CREATE TABLE public._prisma_migrations (migration_name TEXT, checksum TEXT, finished_at TIMESTAMPTZ, rolled_back_at TIMESTAMPTZ)`,
    );
    await one.pool.query('INSERT INTO moving.a SELECT generate_series(1, 20000)');
    const counts: Record<string, number> = {};
    let at = '';
    for await (const part of dumpOf(one.pool)) {
      if (part.kind === 'table') at = part.table.name;
      if (part.kind !== 'rows') continue;
      counts[at] = (counts[at] ?? 0) + part.lines.length;
      await one.pool.query(
        'WITH gone AS (DELETE FROM moving.a WHERE n < 10000 RETURNING n) INSERT INTO moving.b SELECT n FROM gone',
      );
    }
    expect(counts).toEqual({ a: 20_000 });
  });
});

describe('a restore', () => {
  it('that ends on the way leaves nothing but its mark, keeps labs out, and can be begun again', async () => {
    const to = await embedded('cut');
    const origin = { id: 'bak_2', migrations: await migrationsOf(source.pool) };
    await beginRestore(to.pool, origin);
    await to.pool.query(STRANGE + GUARDED);
    async function* cut(): AsyncGenerator<DumpPart> {
      for await (const part of dumpOf(source.pool)) {
        yield part;
        if (part.kind === 'rows') throw new Error('the power went');
      }
    }
    const nothing = { ready: () => Promise.resolve() };
    await expect(finishRestore(to.pool, cut(), nothing)).rejects.toThrow('the power went');
    expect(await checkTarget(to.pool, origin)).toEqual({ again: true, forward: [] });
    await to[Symbol.asyncDispose]();
    open.splice(open.indexOf(to), 1);
    await expect(openDatabase({ folder: `${folder}/cut` })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('a restore into it was begun and not finished'),
    });
    const again = await embedded('cut');
    await beginRestore(again.pool, origin);
    await finishRestore(again.pool, dumpOf(source.pool), nothing);
    expect(await fingerprint(again.pool)).toEqual(await fingerprint(source.pool));
  });

  it('brings an older dump forward, and refuses a newer or an edited one', async () => {
    const migrations = await migrationsOf(source.pool);
    const to = await embedded('older');
    const last = migrations.at(-1)?.name ?? '';
    const older = { id: 'bak_3', migrations: migrations.slice(0, -1) };
    expect(await checkTarget(to.pool, older)).toEqual({ again: false, forward: [last] });
    await expect(
      checkTarget(to.pool, { id: 'x', migrations: [...migrations, { name: '2999', checksum: '0' }] }),
    ).rejects.toThrow(/newer LabMesh/);
    await expect(
      checkTarget(to.pool, { id: 'x', migrations: migrations.map(({ name }) => ({ name, checksum: '0' })) }),
    ).rejects.toThrow(/not the one of this LabMesh/);
    await beginRestore(to.pool, older);
    async function* withoutStrange(): AsyncGenerator<DumpPart> {
      yield { kind: 'start', takenAt: '', migrations: older.migrations };
      yield { kind: 'end', sequences: [] };
    }
    await finishRestore(to.pool, withoutStrange(), { ready: () => Promise.resolve() });
    expect((await migrationsOf(to.pool)).at(-1)?.name).toBe(last);
    await expect(checkTarget(to.pool, older)).rejects.toThrow(/newer than the backup/);
  });
});
