// The suites of governance on the embedded database.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@labmesh/db';
import { afterAll, beforeAll } from 'vitest';
import { type GovernanceBed, governanceOver } from '../../test/governance-bed.js';
import { governanceSuite } from '../../test/governance-suite.js';
import { parametersSuite } from '../../test/parameters-suite.js';
import { votesSuite } from '../../test/votes-suite.js';

let folder: string;
let bed: GovernanceBed;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-governance-'));
  bed = await governanceOver(await openDatabase({ folder }));
});

afterAll(async () => {
  await bed?.database.close();
  await rm(folder, { recursive: true, force: true });
});

governanceSuite(() => bed);
votesSuite(() => bed);
parametersSuite(() => bed);
