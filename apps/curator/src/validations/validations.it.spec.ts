// Validations on a PostgreSQL server, where reports really come at once.
import { postgresDatabase, type TestDatabase } from '@labmesh/testing';
import { afterAll, beforeAll } from 'vitest';
import { type CuratorParts, curatorParts } from '../curator.testing.js';
import { FormatEngines } from '../formats/format-engines.js';
import { validationTests } from './validations.testing.js';

let server: TestDatabase;
let parts: CuratorParts;

beforeAll(async () => {
  server = await postgresDatabase();
  parts = await curatorParts({ databaseUrl: server.url });
  await parts.loader.onModuleInit();
});
afterAll(async () => {
  await parts?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await new FormatEngines().onModuleDestroy();
});

validationTests(() => parts);
