// A real thread with a real model of random weights.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Converted, convert } from './conversion.js';
import { EncoderThread } from './encoder-thread.js';
import { writeTinyModel } from './tiny-model.testing.js';

let folder: string;
let model: Converted;
const { signal } = new AbortController();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-encoder-'));
  model = await convert(await writeTinyModel(folder));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('gives each text a vector of length 1, the same each time, whatever was encoded before', async () => {
  await using thread = new EncoderThread(model);
  const first = await thread.question('pump start', signal);
  const [other, again] = await Promise.all([thread.passage('sun flare', signal), thread.passage('pump start', signal)]);
  expect(first.length).toBe(32);
  expect(Math.hypot(...first)).toBeCloseTo(1, 5);
  expect([...again]).toEqual([...first]);
  expect([...other]).not.toEqual([...first]);
});

it('questions go before passages that wait', async () => {
  await using thread = new EncoderThread(model);
  const done: string[] = [];
  const passages = Array.from({ length: 5 }, (_, at) =>
    thread.passage(`text ${at}`, signal).then(() => done.push(`p${at}`)),
  );
  const question = thread.question('why', signal).then(() => done.push('question'));
  await Promise.all([...passages, question]);
  expect(done.indexOf('question')).toBeLessThanOrEqual(1);
  expect(done).toHaveLength(6);
});

it('nobody waits longer than it says, and what was given up is not encoded', async () => {
  await using thread = new EncoderThread(model);
  const leaving = new AbortController();
  const given = thread.passage('pump', leaving.signal);
  leaving.abort(new Error('no time'));
  await expect(given).rejects.toThrow('no time');
  expect((await thread.passage('pump', signal)).length).toBe(32);
});

it('what is no model, and what is closed, says so', async () => {
  const broken = new EncoderThread({ ...model, graph: Buffer.from('no graph') });
  await expect(broken.loaded()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(broken.question('pump', signal)).rejects.toMatchObject({ code: 'unavailable' });
  expect(broken.ended).toBe(true);
  const thread = new EncoderThread(model);
  await thread.loaded();
  await thread[Symbol.asyncDispose]();
  await expect(thread.passage('pump', signal)).rejects.toMatchObject({ code: 'unavailable' });
});
