// Names of content and their collector, on a PostgreSQL server: where transactions really run at once.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '@labmesh/db';
import { postgresDatabase, type TestDatabase } from '@labmesh/testing';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Blobs } from '../blob-store.js';
import { openBlobs } from '../open-blobs.js';
import { namesContent } from './references.testing.js';

let folder: string;
let server: TestDatabase;
let database: Database;
let blobs: Blobs;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-references-'));
  server = await postgresDatabase();
  database = await openDatabase({ url: server.url, folder: '' });
  blobs = await openBlobs({ folder: join(folder, 'blobs') });
});
afterAll(async () => {
  await database?.close();
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('on a PostgreSQL server', () => {
  namesContent(() => ({ database, store: blobs.of('curator') }));
});
