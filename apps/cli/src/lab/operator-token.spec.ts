// Where the operator's token is looked for, and whom it is never given to.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findOperatorToken, isLoopback, type TokenSearch } from './operator-token.js';

let folder: string;
const search = (over: Partial<TokenSearch>): TokenSearch => ({
  url: 'http://127.0.0.1:3000',
  cwd: folder,
  home: undefined,
  installRoot: join(folder, 'nowhere'),
  ...over,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-token-'));
  for (const [path, token] of [
    ['near/.labmesh', 'near'],
    ['near/empty/.labmesh', '  '],
    ['install/.labmesh', 'install'],
    ['home', 'home'],
  ] as const) {
    await mkdir(join(folder, path), { recursive: true });
    await writeFile(join(folder, path, 'operator.token'), `${token}\n`);
  }
  await mkdir(join(folder, 'near/below'), { recursive: true });
});

afterAll(() => rm(folder, { recursive: true }));

describe('findOperatorToken', () => {
  it('looks in this folder and upward, and passes empty files by', async () => {
    const source = join(folder, 'near/.labmesh/operator.token');
    await expect(findOperatorToken(search({ cwd: join(folder, 'near/below') }))).resolves.toEqual({
      token: 'near',
      source,
    });
    await expect(findOperatorToken(search({ cwd: join(folder, 'near/empty') }))).resolves.toEqual({
      token: 'near',
      source,
    });
  });

  it('looks where LabMesh is installed at last', async () => {
    const found = await findOperatorToken(search({ installRoot: join(folder, 'install') }));
    expect(found?.token).toBe('install');
  });

  it('looks only in LABMESH_HOME when that is set', async () => {
    const cwd = join(folder, 'near');
    expect((await findOperatorToken(search({ cwd, home: '../home' })))?.token).toBe('home');
    expect(await findOperatorToken(search({ cwd, home: '../none' }))).toBeUndefined();
  });

  it('gives nothing for a lab on another machine', async () => {
    const found = await findOperatorToken(search({ cwd: join(folder, 'near'), url: 'https://lab.example.org' }));
    expect(found).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'says so when the file may not be read',
    async () => {
      const home = join(folder, 'home');
      await chmod(join(home, 'operator.token'), 0o000);
      await expect(findOperatorToken(search({ home }))).rejects.toMatchObject({ code: 'forbidden' });
    },
  );
});

describe('isLoopback', () => {
  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.9.8.7', true],
    ['[::1]', true],
    ['localhost.example.org', false],
    ['127.0.0.1.example.org', false],
    ['10.0.0.1', false],
    ['0.0.0.0', false],
  ])('%s: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
