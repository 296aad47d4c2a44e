// The suite of staking on the embedded database.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@labmesh/db';
import { afterAll, beforeAll } from 'vitest';
import { type StakingBed, stakingOver } from '../../test/staking-bed.js';
import { stakingSuite } from '../../test/staking-suite.js';

let folder: string;
let bed: StakingBed;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-staking-'));
  bed = await stakingOver(await openDatabase({ folder }));
});

afterAll(async () => {
  await bed?.database.close();
  await rm(folder, { recursive: true, force: true });
});

stakingSuite(() => bed);
