// What a job was given goes into its folder; what cannot go there is the job's fault, and what is not there the lab's.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlobStore, openBlobs } from '@labmesh/blobs';
import type { ClaimedAttempt } from '@labmesh/jobs';
import { temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newFolder, stageFiles } from './attempt-files.js';

describe('stageFiles', () => {
  let home: string;
  let store: BlobStore;
  let close: () => Promise<void>;
  let sha256: string;
  beforeAll(async () => {
    home = await temporaryFolder('staged');
    const blobs = await openBlobs({ folder: join(home, 'blobs') });
    [store, close] = [blobs.of('mechanic'), () => blobs.close()];
    ({ sha256 } = await store.put([Buffer.from('x')]));
  });
  afterAll(async () => {
    await close();
    await rm(home, { recursive: true, force: true });
  });

  let folders = 0;
  const staged = async (paths: readonly string[], checkpoints?: string): Promise<string> => {
    folders += 1;
    const folder = join(home, 'jobs', String(folders));
    await newFolder(folder);
    const files = paths.map((path) => ({ path, mode: 0o644, sha256, bytes: 1 }));
    const attempt = { files, checkpoints: [], spec: { checkpoints } } as unknown as ClaimedAttempt;
    await stageFiles(attempt, { folder, store, signal: new AbortController().signal });
    return folder;
  };

  it('puts files below folders, and into the folder of artefacts', async () => {
    const folder = await staged(['a/b', 'artifacts/c']);
    for (const path of ['a/b', 'artifacts/c']) expect(await readFile(join(folder, path), 'utf8')).toBe('x');
  });

  it.each([
    ['a name that is too long', ['x'.repeat(300)], undefined, /no file can have that name/],
    ['a folder whose name is', [`${'x'.repeat(300)}/a`], undefined, /no file can have that name/],
    ['checkpoints whose name is', [], 'x'.repeat(300), /no file can have that name/],
    ['the folder of artefacts', ['artifacts'], undefined, /another file has its place/],
    ['a file below the folder that a file is', ['a', 'a/b'], undefined, /another file has its place/],
  ])('refuses %s as the job’s fault', async (_, paths, checkpoints, message) => {
    await expect(staged(paths, checkpoints)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(message),
    });
  });
});
