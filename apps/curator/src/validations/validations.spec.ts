// Validations on the embedded database.
import { afterAll, beforeAll } from 'vitest';
import { type CuratorParts, curatorParts } from '../curator.testing.js';
import { FormatEngines } from '../formats/format-engines.js';
import { validationTests } from './validations.testing.js';

let parts: CuratorParts;

beforeAll(async () => {
  parts = await curatorParts();
  await parts.loader.onModuleInit();
});
afterAll(async () => {
  await parts?.[Symbol.asyncDispose]();
  await new FormatEngines().onModuleDestroy();
});

validationTests(() => parts);
