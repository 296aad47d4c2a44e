// The same suites on a PostgreSQL server, where votes race for real. Needs a server; drops what it makes.
import { tmpdir } from 'node:os';
import { openDatabase } from '@labmesh/db';
import { postgresDatabase, type TestDatabase } from '@labmesh/testing';
import { afterAll, beforeAll } from 'vitest';
import { type GovernanceBed, governanceOver } from '../../test/governance-bed.js';
import { governanceSuite } from '../../test/governance-suite.js';
import { parametersSuite } from '../../test/parameters-suite.js';
import { votesSuite } from '../../test/votes-suite.js';

let server: TestDatabase;
let bed: GovernanceBed;

beforeAll(async () => {
  server = await postgresDatabase();
  bed = await governanceOver(await openDatabase({ url: server.url, folder: tmpdir() }));
});

afterAll(async () => {
  await bed?.database.close();
  await server?.[Symbol.asyncDispose]();
});

governanceSuite(() => bed);
votesSuite(() => bed);
parametersSuite(() => bed);
