// Which lab is meant by its folder: the address that it wrote there, and no other machine's.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCliConfig } from '../config.js';
import { Session } from '../session.js';
import { unreachable } from './failure.js';
import { addressIn } from './lab-address.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'labmesh-address-'));
});
afterEach(() => rm(home, { recursive: true }));

it.each([
  ['http://127.0.0.1:3100\n', 'http://127.0.0.1:3100'],
  ['http://[::1]:3100', 'http://[::1]:3100'],
  ['http://localhost:3100/mcp', 'http://localhost:3100'],
  ['http://lab.example:3100', undefined],
  ['http://127.0.0.1.lab.example:3100', undefined],
  ['file:///etc/passwd', undefined],
  ['', undefined],
])('%j is %s', async (text, address) => {
  await writeFile(join(home, 'lab.url'), text);
  expect(await addressIn(home)).toBe(address);
});

it('is none where no lab has written', async () => {
  expect(await addressIn(home)).toBeUndefined();
});

describe('a command', () => {
  const connection = (args: string[], env: NodeJS.ProcessEnv = {}) => {
    const config = readCliConfig({ HOME: home, ...env });
    const { signal } = new AbortController();
    const [stdin, nowhere] = [Readable.from([]), { write: () => undefined }];
    const openBrowser = async (): Promise<boolean> => false;
    const host = { env, cwd: home, stdin, stdout: nowhere, stderr: nowhere, openBrowser, signal };
    const session = new Session({ host, config, version: '' });
    const command = new Command().option('--home <folder>').option('--url <url>');
    return session.connection(command.parse(args, { from: 'user' }));
  };

  beforeEach(async () => {
    for (const [name, port] of [
      ['one', '3101'],
      ['two', '3102'],
    ] as const) {
      await mkdir(join(home, name));
      await writeFile(join(home, name, 'operator.token'), name);
      await writeFile(join(home, name, 'lab.url'), `http://127.0.0.1:${port}`);
    }
    await mkdir(join(home, 'silent'));
    await writeFile(join(home, 'silent', 'operator.token'), 'silent');
  });

  const [there, elsewhere] = ['http://127.0.0.1:3101', 'http://127.0.0.1:9'];
  const cases: ReadonlyArray<readonly [string, string[], NodeJS.ProcessEnv, object]> = [
    ['the folder of --home', ['--home', 'one'], {}, { url: there, credential: { token: 'one' } }],
    ['that of LABMESH_HOME', [], { LABMESH_HOME: 'one' }, { url: there, credential: { token: 'one' } }],
    ['--home before LABMESH_URL', ['--home', 'one'], { LABMESH_URL: elsewhere, LABMESH_HOME: 'two' }, { url: there }],
    ['LABMESH_URL before LABMESH_HOME', [], { LABMESH_URL: elsewhere, LABMESH_HOME: 'one' }, { url: elsewhere }],
    ['--url before all', ['--url', elsewhere, '--home', 'one'], { LABMESH_URL: there }, { url: elsewhere }],
    ['the usual place, and knows that nobody said so', ['--home', 'silent'], {}, { url: 'http://127.0.0.1:3000' }],
  ];
  it.each(cases)('goes by %s', async (_what, args, env, expected) => {
    const found = await connection(args, env);
    expect(found).toMatchObject(expected);
    expect(found.silentHome).toBe(args[1] === 'silent' ? 'silent' : undefined);
  });

  it('says which folder no lab runs on', () => {
    const { signal } = new AbortController();
    const attempt = { url: 'http://127.0.0.1:3000', tokenSource: undefined, signal, silentHome: '/srv/lab' };
    expect(unreachable(attempt, undefined).message).toMatch(/^No lab runs on \/srv\/lab, .*--url/);
  });
});
