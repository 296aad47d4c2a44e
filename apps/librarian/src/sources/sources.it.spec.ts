// On a PostgreSQL server, where writers really overlap and connections really die: readers find one state of a document, never two and
// never none.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '@labmesh/db';
import type { Logger } from '@labmesh/runtime';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Library } from '../corpus/library.js';
import { DatasetCardsRepository } from '../datasets/dataset-cards.repository.js';
import { SolutionsRepository } from '../solutions/solutions.repository.js';
import { OPERATOR_QUOTA } from './collection.js';
import { CollectionsRepository } from './collections.repository.js';
import { Extraction } from './extraction/extraction.js';
import { inMemory } from './files/source-file.js';
import { Taker } from './taking.js';

const SERVER = 'postgresql://postgres@127.0.0.1:5432';
const name = `labmesh_test_${randomBytes(6).toString('hex')}`;
const owner = 'wal_01990000-0000-7000-8000-000000000001';
let database: Database;
let folder: string;

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${SERVER}/postgres` });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-sources-'));
  await onServer(`CREATE DATABASE ${name}`);
  database = await openDatabase({ url: `${SERVER}/${name}`, folder: tmpdir() });
});

afterAll(async () => {
  await database?.close();
  await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await rm(folder, { recursive: true, force: true });
});

async function take(pool: pg.Pool, text: string): Promise<void> {
  const taker = new Taker(new CollectionsRepository({ pool }), new Extraction());
  const steps = taker.take({
    name: { owner, collection: 'manuals', from: 'text', place: 'port.md' },
    offered: { files: [inMemory('port.md', Buffer.from(text))], skipped: [], commit: null },
    kind: null,
    quota: OPERATOR_QUOTA,
    signal: new AbortController().signal,
  });
  while ((await steps.next()).done !== true);
}

function reader() {
  const log = { info: () => undefined, warn: () => undefined } as unknown as Logger;
  const [solutions, cards] = [new SolutionsRepository(database), new DatasetCardsRepository(database)];
  const library = new Library({ installRoot: folder }, solutions, cards, new CollectionsRepository(database), log);
  return async (): Promise<string[]> => {
    const { corpus, scope } = await library.readBy({ walletId: owner });
    return corpus.documents(scope).map(({ text }) => text);
  };
}

it('readers at two replicas see the newest of what was committed, one text at a time', async () => {
  await take(database.pool, 'port 0');
  let writing = true;
  const seen: number[] = [];
  const follow = async (read: () => Promise<string[]>): Promise<void> => {
    while (writing) {
      const texts = await read();
      expect(texts).toHaveLength(1);
      seen.push(Number(texts[0]?.slice('port '.length)));
    }
  };
  const readers = [reader(), reader()];
  const following = Promise.all(readers.map(follow));
  for (let port = 1; port <= 40; port += 1) {
    await take(database.pool, `port ${port}`);
    // Who asks after the answer sees it, at any replica.
    for (const read of readers) expect(await read()).toEqual([`port ${port}`]);
  }
  writing = false;
  await following;
  expect(seen.length).toBeGreaterThan(40);
});

it('a connection that is ended between what goes and what comes changes nothing', async () => {
  const read = reader();
  const [before] = await read();
  await expect(take(endedAt(/INSERT INTO librarian\.documents/), 'port 7002')).rejects.toThrow();
  expect(await read()).toEqual([before]);
  expect(await reader()()).toEqual([before]);
  await take(database.pool, 'port 7003');
  expect(await read()).toEqual(['port 7003']);
});

/** The pool of a process that is killed at a statement: its backend is ended by the server, with all before it done. */
function endedAt(statement: RegExp): pg.Pool {
  const connect = async () => {
    const client = await database.pool.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return new Proxy(client, {
      get(target, key) {
        const value = Reflect.get(target, key) as unknown;
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          if (key === 'query' && statement.test(String(given[0])))
            await onServer(`SELECT pg_terminate_backend(${rows[0]?.pid})`);
          return (value as (...args: unknown[]) => unknown).apply(target, given);
        };
      },
    });
  };
  return new Proxy(database.pool, {
    get: (target, key) => {
      if (key === 'connect') return connect;
      const value = Reflect.get(target, key) as unknown;
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}
