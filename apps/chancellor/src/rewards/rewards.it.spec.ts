// The same suites on a PostgreSQL server, where calls race for real. Needs a server; drops what it makes.
import { tmpdir } from 'node:os';
import { openDatabase } from '@labmesh/db';
import { postgresDatabase, type TestDatabase } from '@labmesh/testing';
import { afterAll, beforeAll } from 'vitest';
import { epochsSuite } from '../../test/epochs-suite.js';
import { type StakingBed, stakingOver } from '../../test/staking-bed.js';
import { rewardsSuite } from '../../test/rewards-suite.js';

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

rewardsSuite(() => bed);
epochsSuite(() => bed);
