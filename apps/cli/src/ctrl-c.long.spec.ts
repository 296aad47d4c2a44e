// The command as a process: Ctrl-C ends it whatever it waits for, and nothing that goes wrong shows a stack.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { INSTALL_ROOT } from './lab/operator-token.js';

const COMMAND = join(INSTALL_ROOT, 'apps/cli/bin/labmesh.js');

let folder: string;
/** Takes connections and never says a word. */
let silent: Server;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-ctrl-c-'));
  silent = createServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterAll(async () => {
  silent.close();
  await rm(folder, { recursive: true });
});

function start(args: readonly string[]): { child: ChildProcess; said: () => string } {
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    env: { PATH, HOME: folder, LABMESH_URL: url, LABMESH_TOKEN: 'lmk_x' },
  });
  const texts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => texts.push(String(chunk)));
  return { child, said: () => texts.join('') };
}

it.each([[['status']], [['call', 'curator_fetch_dataset']], [['job', 'logs', '-f', 'job_1']], [['login']]])(
  '%j is ended by Ctrl-C, though what it waits for never comes, with 130 and no stack',
  async (args) => {
    const connected = args[0] === 'login' ? undefined : once(silent, 'connection');
    const { child, said } = start(args);
    // What waits for standard input has no sign of it: it is given the time that it takes to start.
    await (connected ?? new Promise((resolve) => setTimeout(resolve, 2_000)));
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(130);
    expect(said()).not.toMatch(/\n\s+at /);
  },
);

it('a reader that has seen enough is no failure', async () => {
  const { child, said } = start(['--help']);
  child.stdout?.destroy();
  const [code] = (await once(child, 'exit')) as [number | null];
  expect([code, said()]).toEqual([0, '']);
});
