// `labmesh model`, `ask --model` and `conversation` against a real lab and a stand-in for a provider.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Ended, labmeshTold } from '../harness/command.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { modelProvider } from '../sources/model-provider.js';

const KEY = 'sk-of-the-command';
const lab = sharedLab();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-assistant-command-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const labmesh = (args: string[], input = ''): Promise<Ended> => labmeshTold(lab, args, { input });

async function json<T>(...args: string[]): Promise<T> {
  const ended = await labmesh([...args, '--json']);
  expect(ended).toMatchObject({ code: 0 });
  return JSON.parse(ended.out) as T;
}

verifies('command:assistant', async () => {
  await using provider = await modelProvider({ key: KEY });
  const set = ['model', 'add', 'stand-in', '--model', 'any', '--base-url', provider.url];
  const added = await labmesh([...set, '--key-file', '-'], `${KEY}\n`);
  expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/^Connected stand-in.*key: set/) });
  const file = join(folder, 'key.txt');
  await writeFile(file, `${KEY}\n`);
  expect(await labmesh([...set, '--key-file', file, '--context-tokens', '9000'])).toMatchObject({ code: 0 });
  expect(await labmesh([...set, '--key-file', join(folder, 'none.txt')])).toMatchObject({ code: 2 });
  expect(await labmesh([...set, '--key-file', '-'], ' \n')).toMatchObject({ code: 2 });
  const { models } = await json<{ models: Array<{ name: string; settings: object }> }>('model', 'ls');
  expect(models.find(({ name }) => name === 'stand-in')?.settings).toMatchObject({ key: 'set', contextTokens: 9_000 });
  expect((await labmesh(['model', 'list'])).out).toMatch(/stand-in.*openai.*any.*set/);
  provider.turns.push({ kind: 'say', text: ['rea', 'dy'] });
  expect((await labmesh(['model', 'test', 'stand-in'])).out).toMatch(/answered in \d+ ms: ready/);

  provider.turns.push({ kind: 'say', text: ['The stalagmometer ', 'counts drops.'] });
  const asked = await labmesh(['ask', 'What does it count?', '--model', 'stand-in', '--json']);
  expect(asked.code).toBe(0);
  const { conversationId } = JSON.parse(asked.out) as { conversationId: string };
  expect(await labmesh(['ask', 'x', '--model', 'stand-in', '--after', 'y'])).toMatchObject({ code: 2 });
  expect(await labmesh(['ask', 'x', '--model', 'none'])).toMatchObject({ code: 5 });
  expect((await labmesh(['conversation', 'ls', '--words', 'stalagmometer'])).out).toContain(conversationId);
  expect((await labmesh(['conversation', 'show', conversationId])).out).toMatch(
    /What does it count\?[\s\S]*stand-in[\s\S]*counts drops\./,
  );
  const out = join(folder, 'talk.json');
  await labmesh(['conversation', 'export', conversationId, '--format', 'json', '-o', out]);
  expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({
    conversationId,
    messages: [{}, { model: 'stand-in' }],
  });
  expect((await labmesh(['conversation', 'export', conversationId])).out).toContain('## 2. Answer, by stand-in');
  expect(await labmesh(['conversation', 'rm', conversationId])).toMatchObject({ code: 2 });
  expect(await json('conversation', 'rm', conversationId, '--yes')).toEqual({ messages: 2 });
  expect(await labmesh(['conversation', 'show', conversationId])).toMatchObject({ code: 5 });
  expect(await json('model', 'rm', 'stand-in', '--yes')).toEqual({ name: 'stand-in' });
  expect(provider.seen.every(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(true);
});
