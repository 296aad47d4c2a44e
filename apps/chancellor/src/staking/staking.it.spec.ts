// The same suites on a PostgreSQL server, where calls race for real. Needs a server; drops what it makes.
import { tmpdir } from 'node:os';
import { openDatabase } from '@labmesh/db';
import { postgresDatabase, type TestDatabase } from '@labmesh/testing';
import { afterAll, beforeAll } from 'vitest';
import { type StakingBed, stakingOver } from '../../test/staking-bed.js';
import { stakingSuite } from '../../test/staking-suite.js';

let server: TestDatabase;
let bed: StakingBed;

beforeAll(async () => {
  server = await postgresDatabase();
  bed = await stakingOver(await openDatabase({ url: server.url, folder: tmpdir() }));
});

afterAll(async () => {
  await bed?.database.close();
  await server?.[Symbol.asyncDispose]();
});

stakingSuite(() => bed);
