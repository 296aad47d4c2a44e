// Reading a project's folder: plain files of the project, nothing that a link reaches, nothing secret.
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readFolder } from './read-folder.js';

async function folderOf(files: Readonly<Record<string, string>>) {
  const path = await mkdtemp(join(tmpdir(), 'labmesh-project-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

it('reads what is of the project and leaves out the rest', async () => {
  await using folder = await folderOf({
    'README.md': '# it\n',
    'run.sh': 'true\n',
    '.env': 'LABMESH_TOKEN_FILE=/x',
    '.env.example': 'LABMESH_TOKEN_FILE=',
    '.git/config': 'x',
    'node_modules/a/index.js': 'x',
    'src/__pycache__/a.pyc': 'x',
    '.labmeshignore': 'data/\n*.log\n!keep.log\n',
    'data/big.csv': 'x',
    'a.log': 'x',
    'keep.log': 'x',
  });
  await chmod(join(folder.path, 'run.sh'), 0o755);
  await symlink('/etc/passwd', join(folder.path, 'link.txt'));
  await symlink('/etc', join(folder.path, 'linked'));
  const files = await readFolder(folder.path);
  expect(files.map(({ path, executable }) => `${path}${executable ? '*' : ''}`)).toEqual([
    '.env.example',
    '.labmeshignore',
    'README.md',
    'keep.log',
    'run.sh*',
  ]);
});

it('reads what its template made, whatever is ignored', async () => {
  await using folder = await folderOf({
    'dist/index.html': 'x',
    'dist/made.js': 'x',
    '.labmeshignore': 'notes.md\n',
    'notes.md': 'x',
  });
  const files = await readFolder(folder.path, { also: ['dist/index.html', 'notes.md'] });
  expect(files.map(({ path }) => path)).toEqual(['.labmeshignore', 'dist/index.html', 'notes.md']);
});

it('says when there is no folder, and follows no link in its place', async () => {
  await using folder = await folderOf({ 'a.txt': 'a' });
  await expect(readFolder(join(folder.path, 'none'))).rejects.toMatchObject({ code: 'not_found' });
  await symlink(folder.path, join(folder.path, 'me'));
  await expect(readFolder(join(folder.path, 'me'))).rejects.toMatchObject({ code: 'not_found' });
});
