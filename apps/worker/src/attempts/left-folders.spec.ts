// What a crash left of attempts is removed, but for what has not ended and what is nobody's attempt.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '@labmesh/runtime';
import { temporaryFolder } from '@labmesh/testing';
import { expect, it, onTestFinished } from 'vitest';
import { removeLeft } from './left-folders.js';

it('removes folders and logs of attempts that have ended, and nothing else', async () => {
  const jobs = await temporaryFolder('left');
  onTestFinished(() => rm(jobs, { recursive: true, force: true }));
  const [ended, alive] = [`job_${newId()}`, `job_${newId()}`];
  for (const path of [`${ended}/1`, `${ended}/log-1`, `${alive}/1`, `${alive}/2`, `${alive}/log-2`, 'mine/1'])
    await mkdir(join(jobs, path), { recursive: true });
  await writeFile(join(jobs, ended, '1', 'large'), 'left');
  const look = () => removeLeft(jobs, async () => [{ jobId: alive, number: 2 }]);
  await look();
  await look();
  expect((await readdir(jobs)).sort()).toEqual([alive, 'mine'].sort());
  expect((await readdir(join(jobs, alive))).sort()).toEqual(['2', 'log-2']);
  await removeLeft(join(jobs, 'nowhere'), async () => []);
});
