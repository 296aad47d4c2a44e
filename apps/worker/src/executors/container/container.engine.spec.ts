// The container executor with a real Podman: what every executor does, and what a container may not.

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobMark } from '@labmesh/jobs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EngineUnderTest, FOREVER, Ground, MemoryLog, shell } from '../engine-ground.testing.js';
import { executorBehaviour } from '../executor-behaviour.testing.js';
import { ContainerExecutor } from './container-executor.js';
import { ContainerSettings } from './container-settings.js';
import { IMAGE, Podman } from './podman.testing.js';

const underTest = (podman: Podman): EngineUnderTest<'container'> => ({
  kind: 'container',
  settings: ContainerSettings.parse({ engine: podman.socket, processesMax: 50 }),
  spec: { image: IMAGE },
  unknown: { spec: { image: 'localhost/nobody/has:this' }, code: 'not_found' },
  adds: ['HOSTNAME', 'container', 'TERM'],
  streamsApart: true,
  holdsMemory: true,
  countsUse: true,
  left: (mark) => podman.containers(mark),
  [Symbol.asyncDispose]: () => podman[Symbol.asyncDispose](),
});

executorBehaviour('container', async () => underTest(await Podman.start()));

let podman: Podman;
let ground: Ground;
beforeAll(async () => {
  podman = await Podman.start();
  ground = new Ground(underTest(podman));
});
afterAll(async () => {
  await ground?.remove();
  await podman?.[Symbol.asyncDispose]();
});

const said = async (script: string, more: object = {}): Promise<string> => {
  const log = new MemoryLog();
  const running = await (await ground.open()).start(await ground.attempt({ ...shell(script), ...more }, log));
  await running.ended;
  return log.text();
};

it('gives a container no rights, no network and no place to write but its folder and /tmp', async () => {
  const status = await said(
    'cat /proc/self/status; grep : /proc/net/dev; id -u; touch /root-file || echo read-only; touch /tmp/x && echo tmp',
  );
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
    expect(status).toMatch(new RegExp(`${set}:\\s+0{16}`));
  expect(status).toMatch(/NoNewPrivs:\s+1/);
  expect(status).toMatch(/Seccomp:\s+2/);
  expect([...status.matchAll(/^ *(\w+): +\d+ +\d+ +\d+ +\d+ /gm)].map(([, name]) => name)).toEqual(['lo']);
  expect(status).toContain('\n65534\nread-only\ntmp\n');
});

it('holds it to its processes', async () => {
  const forks = 'i=0; while [ $i -lt 200 ]; do sleep 5 & i=$((i+1)); done; echo all';
  const log = new MemoryLog();
  const running = await (await ground.open()).start(await ground.attempt(shell(forks), log));
  await running.ended;
  expect(log.text('stderr')).toMatch(/fork/);
  expect(log.text()).not.toContain('all');
});

it('refuses GPUs that the engine does not have', async () => {
  const executor = await ground.open();
  const attempt = { ...(await ground.attempt(shell('echo never'))), gpus: [0] };
  await expect(executor.start(attempt)).rejects.toMatchObject({ code: 'invalid_input' });
  expect(await podman.containers(jobMark(attempt))).toEqual([]);
});

it('numbers GPUs from 0 inside, and sets an empty list without', async () => {
  expect(await said('echo "[$CUDA_VISIBLE_DEVICES]"')).toBe('[]\n');
});

it('goes on while the engine is away', async () => {
  const log = new MemoryLog();
  const running = await (await ground.open()).start(
    await ground.attempt(shell(`trap 'echo bye; exit 6' TERM; echo ready; ${FOREVER}`), log),
  );
  await expect.poll(() => log.text()).toBe('ready\n');
  await podman.crash();
  await podman.serve();
  await running.terminate();
  expect(await running.ended).toMatchObject({ exitCode: 6, reason: null });
  expect(log.text()).toBe('ready\nbye\n');
});

it('tells a container that somebody removed from one that failed', async () => {
  const log = new MemoryLog();
  const attempt = await ground.attempt(shell(`echo ready; ${FOREVER}`), log);
  const running = await (await ground.open()).start(attempt);
  await expect.poll(() => log.text()).toBe('ready\n');
  await podman.engine.getContainer(jobMark(attempt)).remove({ force: true });
  const end = await running.ended;
  expect(end.exitCode === null || end.signal === null).toBe(true);
  expect(['worker_lost', null]).toContain(end.reason);
});

it('takes up one that ended while no worker was there', async () => {
  const log = new MemoryLog();
  const attempt = await ground.attempt(shell('echo ready; sleep 1; echo done; exit 9'), log);
  const running = await (await ground.open()).start(attempt);
  await expect.poll(() => log.text()).toBe('ready\n');
  await running.leave?.();
  const container = podman.engine.getContainer(jobMark(attempt));
  await expect.poll(async () => (await container.inspect()).State.Running).toBe(false);
  const adopted = await (await ground.open()).adopt(attempt, running.handle);
  expect(await adopted?.ended).toMatchObject({ exitCode: 9 });
  expect(log.text()).toBe('ready\ndone\n');
});

it('opens no file that a job put in the place of its output', async () => {
  const log = new MemoryLog();
  const attempt = await ground.attempt(shell(`echo ready; ${FOREVER}`), log);
  const running = await (await ground.open()).start(attempt);
  await expect.poll(() => log.text()).toBe('ready\n');
  await running.leave?.();
  const elsewhere = await mkdtemp(join(tmpdir(), 'labmesh-elsewhere-'));
  await writeFile(join(elsewhere, 'secret'), 'secret');
  await rename(join(attempt.folder, '.labmesh/1/stdout'), join(attempt.folder, 'old'));
  await symlink(join(elsewhere, 'secret'), join(attempt.folder, '.labmesh/1/stdout'));
  expect(await (await ground.open()).adopt(attempt, running.handle)).toBeUndefined();
  expect(log.text()).not.toContain('secret');
  expect(await podman.containers(jobMark(attempt))).toEqual([]);
  await rm(elsewhere, { recursive: true });
});

it('says that an image has no shell', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'labmesh-bare-'));
  await mkdir(join(folder, 'empty'));
  execFileSync('tar', ['-C', folder, '-cf', join(folder, 'bare.tar'), 'empty']);
  await podman.import('localhost/labmesh-test/bare:1', join(folder, 'bare.tar'));
  const attempt = await ground.attempt({ ...shell('echo never'), image: 'localhost/labmesh-test/bare:1' });
  const running = await (await ground.open()).start(attempt);
  expect(await running.ended).toMatchObject({ reason: 'start_failed', message: expect.stringMatching(/no \/bin\/sh/) });
  expect(await podman.containers(jobMark(attempt))).toEqual([]);
  await rm(folder, { recursive: true });
});

it('says where an engine is missing', async () => {
  const executor = new ContainerExecutor(ContainerSettings.parse({ engine: '/nowhere/engine.sock' }));
  await expect(executor.probe()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('/nowhere/engine.sock'),
  });
});

it('says that an image cannot be fetched', async () => {
  const executor = new ContainerExecutor(ContainerSettings.parse({ engine: podman.socket, pull: 'missing' }));
  const attempt = await ground.attempt({ ...shell('echo never'), image: '127.0.0.1:9/nobody/has:this' });
  await expect(executor.start(attempt)).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringMatching(/Cannot fetch/),
  });
});
