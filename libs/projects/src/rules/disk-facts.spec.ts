// What the folder tells: modes of environment files and what git tracks, also where the project lies below the work tree's root. And what
// mending puts back there.
import * as fs from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { add, init } from 'isomorphic-git';
import { expect, it } from 'vitest';
import { readFolder } from '../read-folder.js';
import { readDiskFacts } from './disk-facts.js';
import { lookThrough } from './look-through.js';
import { mendFolder } from './mend-folder.js';

async function emptyFolder() {
  const path = await mkdtemp(join(tmpdir(), 'labmesh-facts-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

it('knows modes, and of no git where there is none', async () => {
  await using folder = await emptyFolder();
  await writeFile(join(folder.path, '.env'), 'A=1\n', { mode: 0o600 });
  await writeFile(join(folder.path, '.env.example'), 'A=\n');
  await symlink('/etc/passwd', join(folder.path, '.env.local'));
  const { modes, tracked, environment } = await readDiskFacts(folder.path);
  expect({ modes: [...modes], tracked }).toEqual({ modes: [['.env', 0o600]], tracked: undefined });
  expect(environment.map(({ path }) => path)).toEqual(['.env']);
});

it('knows what git tracks, by the project’s own paths', async () => {
  await using folder = await emptyFolder();
  const project = join(folder.path, 'projects', 'flares');
  await mkdir(project, { recursive: true });
  await writeFile(join(project, '.env'), 'A=1\n');
  await writeFile(join(project, 'other.txt'), 'x');
  await writeFile(join(folder.path, 'above.txt'), 'x');
  await init({ fs, dir: folder.path });
  await add({ fs, dir: folder.path, filepath: ['projects/flares/.env', 'above.txt'] });
  expect([...((await readDiskFacts(project)).tracked ?? [])]).toEqual(['.env']);
});

it('mends the folder itself, and nothing that was changed since', async () => {
  await using folder = await emptyFolder();
  await writeFile(join(folder.path, '.gitignore'), 'dist\n');
  await writeFile(join(folder.path, '.env'), 'A=1\n', { mode: 0o644 });
  const files = await readFolder(folder.path);
  const looked = await lookThrough({ files, disk: await readDiskFacts(folder.path) }, {}, { applyFixes: true });
  await mendFolder(folder.path, files, looked);
  expect(await readFile(join(folder.path, '.gitignore'), 'utf8')).toBe('dist\n.env\n');
  expect((await stat(join(folder.path, '.env'))).mode & 0o777).toBe(0o600);
  await writeFile(join(folder.path, '.gitignore'), 'mine\n');
  await expect(mendFolder(folder.path, files, looked)).rejects.toMatchObject({ code: 'conflict' });
  expect(await readFile(join(folder.path, '.gitignore'), 'utf8')).toBe('mine\n');
});
