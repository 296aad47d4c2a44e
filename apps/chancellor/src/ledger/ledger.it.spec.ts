// The same suites on a PostgreSQL server, where concurrent transfers race for real. Needs a server; drops what it makes.
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { openDatabase } from '@labmesh/db';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { type Bed, chancellorOver } from '../../test/bed.js';
import { everySuite } from '../../test/every-suite.js';

const SERVER = 'postgresql://postgres@127.0.0.1:5432';
const name = `labmesh_test_${randomBytes(6).toString('hex')}`;
let bed: Bed;

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${SERVER}/postgres` });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

beforeAll(async () => {
  await onServer(`CREATE DATABASE ${name}`);
  bed = chancellorOver(await openDatabase({ url: `${SERVER}/${name}`, folder: tmpdir() }));
});

afterAll(async () => {
  await bed?.database.close();
  await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});

everySuite(() => bed);
