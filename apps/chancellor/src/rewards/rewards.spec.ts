// The suites of rewards on the embedded database.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@labmesh/db';
import { afterAll, beforeAll } from 'vitest';
import { epochsSuite } from '../../test/epochs-suite.js';
import { type StakingBed, stakingOver } from '../../test/staking-bed.js';
import { rewardsSuite } from '../../test/rewards-suite.js';

let folder: string;
let bed: StakingBed;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-rewards-'));
  bed = await stakingOver(await openDatabase({ folder }));
});

afterAll(async () => {
  await bed?.database.close();
  await rm(folder, { recursive: true, force: true });
});

rewardsSuite(() => bed);
epochsSuite(() => bed);
