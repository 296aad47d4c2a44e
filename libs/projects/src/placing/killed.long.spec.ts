// kill -9 at every step of a placing: what was there before is untouched, and whoever comes next finds nothing of it.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeFiles, takeBackIn } from './place-files.js';

const FILES = 9;

/** Places nine files and is killed at the step that its arguments name. */
const PLACE = `
  import { placeFiles } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
  const [target, step, at, replaces] = process.argv.slice(1);
  let count = 0;
  const put = Array.from({ length: ${FILES} }, (_, n) => ({ path: 'deep/f' + n + '.txt', bytes: Buffer.from('new ' + n), executable: n === 0 }));
  if (replaces !== '-') put.push({ path: 'a.txt', bytes: Buffer.from('replaced'), executable: false, replaces });
  await placeFiles({ target, put, remove: replaces === '-' ? [] : [{ path: 'b.txt', sha256: replaces }] }, {
    onStep: (done) => { if (done.step === step && ++count === Number(at)) process.kill(process.pid, 'SIGKILL'); },
  });
  process.stdout.write('done');
`;
/** SHA-256 of "same". */
const SAME = '0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5';

let parent: string;
let target: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'labmesh-killed-'));
  target = join(parent, 'flare');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

/** How it ended: by the signal, or with what it said. */
async function placedUntil(step: string, at: number, replaces = '-'): Promise<string> {
  const args = ['--input-type=module', '-e', PLACE, target, step, String(at), replaces];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const signal = await new Promise<string | null>((resolve) => child.once('exit', (_, by) => resolve(by)));
  return signal ?? said;
}

const STEPS = [
  ...Array.from({ length: FILES }, (_, at) => ['staged', at + 1] as const),
  ['journaled', 1] as const,
  ...Array.from({ length: FILES }, (_, at) => ['moved', at + 1] as const),
];

describe('into a folder that holds mine.txt', () => {
  it.each(STEPS)('killed at %s %i: only mine.txt is there', async (step, at) => {
    await mkdir(target);
    await writeFile(join(target, 'mine.txt'), 'mine');
    expect(await placedUntil(step, at)).toBe('SIGKILL');
    expect(await readFile(join(target, 'mine.txt'), 'utf8')).toBe('mine');
    // While files are staged, nothing of them is in the target at all.
    if (step !== 'moved') expect(await readdir(target)).toEqual(['mine.txt']);
    expect(await takeBackIn(parent)).toEqual(['flare']);
    expect(await readdir(target)).toEqual(['mine.txt']);
    expect(await readdir(parent)).toEqual(['flare']);
  });
});

it.each([
  ['staged', 5],
  ['staged', 9],
])('a folder that was not there is not there after a kill at %s %i', async (step, at) => {
  expect(await placedUntil(step, at)).toBe('SIGKILL');
  expect((await readdir(parent)).filter((name) => name === 'flare')).toEqual([]);
  await takeBackIn(parent);
  expect(await readdir(parent)).toEqual([]);
});

it.each([
  ['moved', 1],
  ['moved', 5],
  ['moved', 10],
  ['removed', 1],
])('replaced and removed files come back after a kill at %s %i', async (step, at) => {
  await mkdir(target);
  for (const name of ['a.txt', 'b.txt']) await writeFile(join(target, name), 'same');
  expect(await placedUntil(step, at, SAME)).toBe('SIGKILL');
  await takeBackIn(parent);
  expect((await readdir(target)).sort()).toEqual(['a.txt', 'b.txt']);
  for (const name of ['a.txt', 'b.txt']) expect(await readFile(join(target, name), 'utf8')).toBe('same');
  expect(await readdir(parent)).toEqual(['flare']);
});

it('whoever comes next there takes it back by itself, and goes on', async () => {
  await mkdir(target);
  await writeFile(join(target, 'mine.txt'), 'mine');
  expect(await placedUntil('moved', 4)).toBe('SIGKILL');
  await placeFiles({ target, put: [{ path: 'deep/f0.txt', bytes: Buffer.from('other'), executable: false }] });
  expect((await readdir(join(target, 'deep'))).sort()).toEqual(['f0.txt']);
  expect(await readFile(join(target, 'deep/f0.txt'), 'utf8')).toBe('other');
  expect(await readdir(parent)).toEqual(['flare']);
});

it('without a kill it says that it is done', async () => {
  expect(await placedUntil('never', 1)).toBe('done');
  expect(await readdir(join(target, 'deep'))).toHaveLength(FILES);
});
