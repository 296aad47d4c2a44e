// Keys are changed while the lab runs, in one process.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type LabUnderTest, oneProcessLab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';
import { masterKeyChanges, signingKeyChanges, signingKeyLeaked } from './rotation.story.js';

let lab: LabUnderTest;
beforeAll(async () => {
  lab = await oneProcessLab();
});
afterAll(() => lab?.[Symbol.asyncDispose]());

verifies('keys:signing', () => signingKeyChanges(lab));

verifies('keys:master', async () => {
  const file = (): Promise<string> => readFile(join(lab.home, 'master.key'), 'utf8');
  const old = await file();
  await masterKeyChanges(lab);
  expect(await file()).not.toBe(old);
  expect((await readdir(lab.home)).filter((name) => name.startsWith('master'))).toEqual(['master.key']);
});

// The last: kept passes are refused for a moment after it.
verifies('keys:leaked', () => signingKeyLeaked(lab));
