// A clean copy of the repository, as `git clone` gives it, with what is not committed yet. Tests change it as they like.
import { execFile } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '@labmesh/testing';
import { ROOT } from '../harness/lab-under-test.js';
import { ourFiles } from '../harness/our-files.js';

export interface Clone extends AsyncDisposable {
  readonly folder: string;
}

export async function cleanClone(): Promise<Clone> {
  const folder = await temporaryFolder('clone');
  for (const file of ourFiles()) {
    const target = join(folder, file);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(ROOT, file), target);
  }
  await promisify(execFile)('git', ['init', '-q'], { cwd: folder });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
