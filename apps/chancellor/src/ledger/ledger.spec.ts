// The Chancellor's suites on the embedded database.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@labmesh/db';
import { afterAll, beforeAll } from 'vitest';
import { type Bed, chancellorOver } from '../../test/bed.js';
import { everySuite } from '../../test/every-suite.js';

let folder: string;
let bed: Bed;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-chancellor-'));
  bed = chancellorOver(await openDatabase({ folder }));
});

afterAll(async () => {
  await bed?.database.close();
  await rm(folder, { recursive: true, force: true });
});

everySuite(() => bed);
