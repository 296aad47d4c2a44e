// Models of the lab: which one is the default, who sees what, and a key that goes to its own place alone.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { librarian } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { temporaryFolder } from '@labmesh/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { modelProvider } from '../../../../test/sources/model-provider.js';
import { someone } from '../conversations/conversations.testing.js';
import { assistantOver } from './assistant.testing.js';

let folder: string;
let database: Database;
let assistant: ReturnType<typeof assistantOver>;
beforeAll(async () => {
  folder = await temporaryFolder('models');
  database = await openDatabase({ folder: join(folder, 'pg') });
  assistant = assistantOver(database);
});
afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await database.pool.query('DELETE FROM librarian.models');
});

const operator = someone('operator');
const KEY = 'sk-aurum-77';
const { input } = librarian.tools.set_model;
const set = (given: object) => assistant.models.set(input.parse({ kind: 'openai', model: 'gpt', ...given }), operator);
const defaults = async () =>
  (await assistant.models.list(operator)).models.filter(({ isDefault }) => isDefault).map(({ name }) => name);

it('one is the default while there are any: the first, then the one that is made it', async () => {
  await set({ name: 'b' });
  await set({ name: 'c' });
  expect(await defaults()).toEqual(['b']);
  await set({ name: 'a', isDefault: true });
  expect(await defaults()).toEqual(['a']);
  await set({ name: 'a', isDefault: false });
  expect(await defaults()).toEqual(['a']);
  await assistant.models.remove('a');
  expect(await defaults()).toEqual(['b']);
  await expect(assistant.models.remove('a')).rejects.toMatchObject({ code: 'not_found' });
});

it('people see names, operators how each is set, and nobody a key', async () => {
  await set({ name: 'a', key: KEY });
  const seen = await assistant.models.list(someone('researcher'));
  expect(seen).toEqual({ models: [{ name: 'a', isDefault: true, tools: true }] });
  const [mine] = (await assistant.models.list(operator)).models;
  expect(mine?.settings).toMatchObject({ baseUrl: 'https://api.openai.com/v1', key: 'set', setBy: operator.walletId });
  expect(JSON.stringify(mine)).not.toContain(KEY);
  expect(librarian.tools.list_models.output.parse({ models: [mine] })).toEqual({ models: [mine] });
  const { rows } = await database.pool.query('SELECT * FROM librarian.models');
  expect(JSON.stringify(rows)).not.toContain(KEY);
});

it('a key that is set stays with its place, and is asked for anew at another', async () => {
  await set({ name: 'a', key: KEY, baseUrl: 'http://127.0.0.1:1/v1' });
  expect(await set({ name: 'a', baseUrl: 'http://127.0.0.1:1/v2/', model: 'other' })).toMatchObject({ key: 'set' });
  expect(await assistant.models.open('a')).toMatchObject({
    key: KEY,
    baseUrl: 'http://127.0.0.1:1/v2',
    model: 'other',
  });
  for (const elsewhere of [
    { baseUrl: 'http://127.0.0.1:2/v1' },
    { baseUrl: 'http://127.0.0.1:1/v1', kind: 'anthropic' },
  ])
    await expect(set({ name: 'a', ...elsewhere })).rejects.toMatchObject({ code: 'conflict' });
  expect(await set({ name: 'a', baseUrl: 'http://127.0.0.1:2/v1', key: null })).toMatchObject({ key: 'none' });
  expect((await assistant.models.open(undefined)).key).toBeUndefined();
});

it.each([
  [{ baseUrl: 'http://user:pass@127.0.0.1/v1' }],
  [{ baseUrl: 'http://127.0.0.1/v1?key=1' }],
  [{ key: 'two words' }],
  [{ answerTokens: 5_000, contextTokens: 5_000 }],
])('refuses %o', async (given) => {
  await expect(set({ name: 'a', ...given })).rejects.toMatchObject({ code: 'invalid_input' });
});

it('a test asks for a word, without the environment’s keys and without following a redirect', async () => {
  await using provider = await modelProvider();
  process.env.ANTHROPIC_API_KEY = 'sk-of-the-environment';
  try {
    await set({ name: 'a', kind: 'anthropic', baseUrl: provider.url });
    provider.turns.push({ kind: 'say', text: ['ready'] });
    expect(await assistant.test.run('a', new AbortController().signal)).toMatchObject({
      text: 'ready',
      usage: { outputTokens: 7 },
    });
    expect(JSON.stringify(provider.seen[0]?.headers)).not.toContain('environment');
    const away = { kind: 'status' as const, status: 307, headers: { location: `${provider.url}/messages` } };
    provider.turns.push(away, away, away);
    await expect(assistant.test.run('a', new AbortController().signal)).rejects.toMatchObject({
      code: 'upstream_failed',
    });
    expect(provider.seen).toHaveLength(4);
  } finally {
    delete process.env.ANTHROPIC_API_KEY;
  }
});
