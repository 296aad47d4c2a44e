// Versions of datasets on a PostgreSQL server, where transactions really run at once.
import { postgresDatabase, type TestDatabase } from '@labmesh/testing';
import { afterAll, beforeAll } from 'vitest';
import { type CuratorParts, curatorParts } from '../curator.testing.js';
import { FormatEngines } from '../formats/format-engines.js';
import { catalogueTests } from './catalogue.testing.js';
import { versionTests } from './versions.testing.js';

let server: TestDatabase;
let parts: CuratorParts;

beforeAll(async () => {
  server = await postgresDatabase();
  parts = await curatorParts({ databaseUrl: server.url });
});
afterAll(async () => {
  await parts?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await new FormatEngines().onModuleDestroy();
});

versionTests(() => parts);
catalogueTests(() => parts);
