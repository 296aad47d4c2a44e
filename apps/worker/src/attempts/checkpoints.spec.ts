// Checkpoints are kept while a job runs: those of a folder that settles, those of one that is replaced all the time, and never one
// that is being written.
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openBlobs } from '@labmesh/blobs';
import type { FileOfJob } from '@labmesh/jobs';
import { temporaryFolder } from '@labmesh/testing';
import { expect, it, onTestFinished } from 'vitest';
import { Checkpoints } from './checkpoints.js';

/** Longer than the writers below pause: two looks in a row find something else. */
const LOOK_EVERY_MS = 400;

async function watched(write: (folder: string, round: number) => Promise<void>, everyMs: number) {
  const folder = await temporaryFolder('checkpoints');
  await mkdir(join(folder, 'cp'));
  const blobs = await openBlobs({ folder: join(folder, 'blobs') });
  const kept: (readonly FileOfJob[])[] = [];
  const failures: unknown[] = [];
  const checkpoints = new Checkpoints({
    ...{ folder, within: 'cp', store: blobs.of('mechanic'), lookEveryMs: LOOK_EVERY_MS },
    keep: async (files) => kept.push(files) > 0,
    failed: (error) => failures.push(error),
  });
  const writing = new AbortController();
  const writes = (async () => {
    for (let round = 1; !writing.signal.aborted; round += 1) {
      await write(folder, round);
      await pause(everyMs);
    }
  })();
  checkpoints.begin();
  onTestFinished(async () => {
    writing.abort();
    await writes;
    await checkpoints.end(false);
    await blobs.close();
    await rm(folder, { recursive: true, force: true });
    expect(failures).toEqual([]);
  });
  const read = async (file: FileOfJob | undefined): Promise<string> =>
    Buffer.concat(await (await blobs.of('mechanic').read(file?.sha256 ?? '')).toArray()).toString('utf8');
  return { kept, read };
}

it('keeps one that is replaced more often than it is looked at, whole', async () => {
  const { kept, read } = await watched(async (folder, round) => {
    await writeFile(join(folder, 'cp/state.part'), `${round} `.repeat(1_000));
    await rename(join(folder, 'cp/state.part'), join(folder, 'cp/state'));
    expect((await readFile(join(folder, 'cp/state'), 'utf8')).length).toBeGreaterThan(1_000);
  }, 250);
  await expect.poll(() => kept.length).toBeGreaterThan(1);
  for (const files of kept) {
    expect(files.map(({ path }) => path)).toEqual(['cp/state']);
    expect(new Set((await read(files[0])).trim().split(' ')).size).toBe(1);
  }
});

it('keeps none that somebody is in the middle of writing', async () => {
  let rounds = 0;
  const { kept } = await watched(async (folder, round) => {
    rounds = round;
    await appendFile(join(folder, 'cp/state'), 'more');
  }, 5);
  await expect.poll(() => rounds).toBeGreaterThan(400);
  expect(kept).toEqual([]);
});
