// `labmesh up` and `down`: real processes on real servers, started, kept running, and ended to the last one.
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Child, connectLab, freePort, temporaryFolder } from '@labmesh/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { identityOf } from '../../apps/cli/src/up/process-identity.js';
import { ROOT } from '../harness/lab-under-test.js';
import { type MeshServers, meshServers } from '../harness/mesh-credentials.js';
import { verifies } from '../requirements.js';

let servers: MeshServers;
let port: number;
let home: string;
beforeAll(async () => {
  // Below those that the system gives out by itself: the next ones must be free, too.
  port = 20_000 + Math.floor(Math.random() * 10_000);
  home = await temporaryFolder('up');
  servers = await meshServers(`http://127.0.0.1:${port}`);
});
afterEach(async () => {
  await labmesh('down');
});
afterAll(async () => {
  await servers?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

interface Process {
  readonly name: string;
  readonly state: string;
  readonly alive: boolean;
  readonly restarts: number;
  readonly port: number;
  readonly process?: { readonly pid: number };
}

const command = (...args: string[]): Child =>
  new Child({
    command: process.execPath,
    args: ['apps/cli/bin/labmesh.js', ...args],
    cwd: ROOT,
    env: { LABMESH_HOME: home },
  });

/** Runs to its end; what it printed, as JSON. */
async function labmesh<T = Record<string, unknown>>(...args: string[]): Promise<{ exit: number | null; answer: T }> {
  const child = command(...args, ...(args.includes('--dir') ? [] : ['--dir', servers.folder]), '--json');
  const exit = await child.exited;
  // What it says of its progress stands before.
  return { exit, answer: JSON.parse(child.output.slice(child.output.lastIndexOf('\n{') + 1)) as T };
}

const processes = async (): Promise<Process[]> =>
  (await labmesh<{ processes: Process[] }>('up', '--status')).answer.processes;

/** A zombie is not: on some machines nobody asks how an orphan ended. */
const isThere = (pid: number): boolean => identityOf(pid) !== undefined;
const pidsOf = (list: readonly Process[]): number[] => list.flatMap((one) => (one.process ? [one.process.pid] : []));

verifies('mesh:up', async () => {
  const up = await labmesh<{ url: string; signIn: string; processes: Process[] }>(
    ...['up', '--detach', '--port', String(port), '--replicas', 'architect=2'],
  );
  expect(up).toMatchObject({ exit: 0, answer: { url: `http://127.0.0.1:${port}` } });
  expect(up.answer.signIn).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=.+/);
  expect(up.answer.processes.map(({ name, state }) => `${name} ${state}`)).toEqual(
    ['sentinel', 'curator', 'chancellor', 'architect', 'architect-2', 'mechanic', 'librarian', 'worker', 'gateway'].map(
      (name) => `${name} ready`,
    ),
  );
  const { exit, answer } = await labmesh('up', '--apps', 'sentinel');
  expect([exit, answer]).toEqual([6, expect.objectContaining({ message: expect.stringContaining('up already') })]);

  const killed = up.answer.processes.find(({ name }) => name === 'curator')?.process?.pid ?? 0;
  process.kill(killed, 'SIGKILL');
  await expect
    .poll(async () => (await processes()).find(({ name }) => name === 'curator'), { interval: 500 })
    .toMatchObject({ state: 'ready', alive: true, restarts: 1, lastExit: 'SIGKILL' });
  const token = readFileSync(join(home, 'operator.token'), 'utf8');
  await using operator = await connectLab({ url: `http://127.0.0.1:${port}/mcp`, token: token.trim() });
  expect(await operator.call('curator_list_available_datasets')).toHaveProperty('datasets');

  const pids = pidsOf(await processes());
  expect(pids).toHaveLength(9);
  expect(pids).not.toContain(killed);
  expect(await labmesh('down')).toEqual({ exit: 0, answer: { ended: 9 } });
  expect(pids.filter(isThere)).toEqual([]);
  expect(await processes()).toEqual([]);
  expect(await labmesh('down')).toEqual({ exit: 0, answer: { ended: 0 } });
});

it('ends what a killed supervisor left, and starts anew', async () => {
  const up = ['up', '--detach', '--port', String(port), '--apps', 'sentinel'];
  await labmesh(...up);
  const { supervisor, processes: before } = (
    await labmesh<{ supervisor: number; processes: Process[] }>('up', '--status')
  ).answer;
  process.kill(supervisor, 'SIGKILL');
  await expect.poll(() => isThere(supervisor)).toBe(false);
  expect(pidsOf(await processes()).map(isThere)).toEqual([true]);
  expect((await labmesh(...up)).exit).toBe(0);
  const after = await processes();
  expect(pidsOf(before).filter(isThere)).toEqual([]);
  expect(pidsOf(after).map(isThere)).toEqual([true]);
});

it('takes a number that is another process’s by now for nobody, and never ends it', async () => {
  await using stranger = new Child({ command: 'sleep', args: ['300'] });
  const run = join(servers.folder, 'run');
  const old = { pid: stranger.pid, birth: 'long ago' };
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, 'supervisor.json'), JSON.stringify(old));
  const sentinel = { name: 'sentinel', app: 'sentinel', port: 1, state: 'ready', restarts: 0, process: old };
  const state = { supervisor: old.pid, startedAt: '', url: 'http://127.0.0.1', ready: true, processes: [sentinel] };
  writeFileSync(join(run, 'state.json'), JSON.stringify(state));
  expect((await processes()).map(({ alive }) => alive)).toEqual([false]);
  expect(await labmesh('down')).toEqual({ exit: 0, answer: { ended: 0 } });

  writeFileSync(join(run, 'supervisor.json'), JSON.stringify(old));
  writeFileSync(join(run, 'state.json'), JSON.stringify(state));
  const up = command('up', '--dir', servers.folder, '--port', String(port), '--apps', 'sentinel');
  await up.until(() => up.output.includes('LabMesh is up at'));
  const pids = pidsOf(await processes());
  // Ctrl-C, as a terminal sends it to the supervisor.
  process.kill(up.pid ?? 0, 'SIGINT');
  expect(await up.exited).toBe(0);
  expect(pids.filter(isThere)).toEqual([]);
  expect(isThere(stranger.pid ?? 0)).toBe(true);
});

it.each([[[]], [['--detach']]])('says why when the database does not answer %j', async (more) => {
  const dir = await temporaryFolder('up-wrong');
  const database = `postgresql://lab:hush@127.0.0.1:${await freePort()}/lab`;
  const open = ['--dir', dir, '--nats', servers.natsUrl, '--database', database, '--port', String(port)];
  const { exit, answer } = await labmesh('up', ...more, ...open, '--apps', 'sentinel');
  expect(exit).toBe(7);
  expect(answer).toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/Cannot start sentinel: it ended 3 times.*Cannot reach the database "lab"/s),
  });
  expect(JSON.stringify(answer)).not.toContain('hush');
  await rm(dir, { recursive: true, force: true });
});

it('takes nobody else’s answer for that of its process', async () => {
  const stranger = createServer((_request, response) => void response.end()).listen(port + 3, '127.0.0.1');
  await once(stranger, 'listening');
  expect(await labmesh('up', '--port', String(port))).toEqual({
    exit: 6,
    answer: expect.objectContaining({ message: expect.stringContaining(`port ${port + 3}`) }),
  });
  stranger.close();
});

it('refuses what it cannot mean', async () => {
  const empty = await temporaryFolder('up-empty');
  for (const [args, words] of [
    [['--dir', empty], 'npx @labmesh/cli mesh init'],
    [['--dir', servers.folder, '--nats', 'nats://127.0.0.1:1'], 'other servers'],
    [['--dir', servers.folder, '--replicas', 'curator=0'], 'curator=2'],
    [['--dir', servers.folder, '--apps', 'nobody'], 'there are sentinel'],
    [['--dir', servers.folder, '--port', 'x'], 'a number'],
  ] as const)
    expect(await labmesh('up', ...args)).toEqual({
      exit: 2,
      answer: expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(words) }),
    });
  await rm(empty, { recursive: true, force: true });
});
