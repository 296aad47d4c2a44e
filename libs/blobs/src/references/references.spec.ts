// Names of content and their collector, on the embedded database.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '@labmesh/db';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Blobs } from '../blob-store.js';
import { openBlobs } from '../open-blobs.js';
import { namesContent } from './references.testing.js';

let folder: string;
let database: Database;
let blobs: Blobs;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-references-'));
  database = await openDatabase({ folder: join(folder, 'pg') });
  blobs = await openBlobs({ folder: join(folder, 'blobs') });
});
afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('in the embedded database', () => {
  namesContent(() => ({ database, store: blobs.of('curator') }));
});
