// The Slurm executor with a real cluster of one node: what every executor does, and what Slurm adds.
import { jobMark } from '@labmesh/jobs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EngineUnderTest, FOREVER, Ground, MemoryLog, shell } from '../engine-ground.testing.js';
import { executorBehaviour } from '../executor-behaviour.testing.js';
import { SlurmCluster } from './slurm-cluster.testing.js';
import { SlurmExecutor } from './slurm-executor.js';
import { SlurmSettings } from './slurm-settings.js';

const underTest = (cluster: SlurmCluster): EngineUnderTest<'slurm'> => ({
  kind: 'slurm',
  settings: SlurmSettings.parse({ configuration: cluster.configuration, pollMs: 200, network: 'namespace' }),
  spec: {},
  unknown: { spec: { resources: { cpus: 1, memoryMb: 64, gpus: 1 } }, code: 'invalid_input' },
  adds: ['SLURM_JOB_ID'],
  streamsApart: true,
  holdsMemory: cluster.holdsMemory,
  countsUse: true,
  left: async (mark) => cluster.alive(mark),
  [Symbol.asyncDispose]: async () => undefined,
});

// One for both: two would need the node twice.
let cluster: SlurmCluster;
let ground: Ground;
beforeAll(async () => {
  cluster = await SlurmCluster.start();
  ground = new Ground(underTest(cluster));
});
afterAll(async () => {
  await ground?.remove();
  await cluster?.[Symbol.asyncDispose]();
});

executorBehaviour('slurm', async () => underTest(cluster));

const waiting = async (log = new MemoryLog(), more: object = {}) => {
  const attempt = await ground.attempt(
    { ...shell(`trap 'echo bye; exit 6' TERM; echo ready; ${FOREVER}`), ...more },
    log,
  );
  const running = await (await ground.open()).start(attempt);
  return { attempt, running, log };
};

it('says which partition is not there', async () => {
  const executor = new SlurmExecutor({ ...underTest(cluster).settings, partition: 'nowhere' });
  const { spec } = await ground.attempt(shell('echo never'));
  await expect(executor.refuse(spec)).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringMatching(/partition/),
  });
});

it('refuses a job without network where nodes would give it theirs', async () => {
  const executor = new SlurmExecutor({ ...underTest(cluster).settings, network: 'node' });
  await expect(executor.refuse(ground.spec(shell('echo never')))).rejects.toMatchObject({ code: 'invalid_input' });
  await executor.refuse(ground.spec({ ...shell('echo never'), network: true }));
});

it('gives a job no network but its own loopback', async () => {
  const log = new MemoryLog();
  const running = await (await ground.open()).start(await ground.attempt(shell('cat /proc/net/dev'), log));
  await running.ended;
  expect([...log.text().matchAll(/^ *(\w+): /gm)].map(([, name]) => name)).toEqual(['lo']);
});

it('goes on while the controller is away', async () => {
  const { running, log } = await waiting();
  await expect.poll(() => log.text()).toBe('ready\n');
  await cluster.stopController();
  await expect(running.terminate()).rejects.toMatchObject({ code: 'unavailable' });
  await cluster.startController();
  await running.terminate();
  expect(await running.ended).toMatchObject({ exitCode: 6, reason: null });
  expect(log.text()).toBe('ready\nbye\n');
});

it('says that somebody else cancelled a job', async () => {
  const { running, log } = await waiting();
  await expect.poll(() => log.text()).toBe('ready\n');
  cluster.command('scancel', running.handle);
  expect(await running.ended).toMatchObject({
    exitCode: null,
    signal: 'SIGKILL',
    message: expect.stringMatching(/scancel/),
  });
});

it('says that a node was taken away', async () => {
  const { running, log } = await waiting();
  await expect.poll(() => log.text()).toBe('ready\n');
  const node = cluster.command('sinfo', '--noheader', '--format=%N').trim();
  cluster.command('scontrol', 'update', `nodename=${node}`, 'state=down', 'reason=test');
  expect(await running.ended).toMatchObject({ reason: 'worker_lost', message: expect.stringMatching(/NODE_FAIL/) });
  await expect.poll(() => cluster.nodeIsBack()).toBe(true);
});

it('takes a job that waits for room out of the queue, which has not begun', async () => {
  const whole = { resources: { cpus: 2, memoryMb: 64, wallSeconds: 300 } };
  const first = await waiting(new MemoryLog(), whole);
  await first.running.began;
  await expect.poll(() => first.log.text()).toBe('ready\n');
  const second = await waiting(new MemoryLog(), whole);
  let begun = false;
  void second.running.began?.then(() => {
    begun = true;
  });
  await expect.poll(() => cluster.alive(jobMark(second.attempt)).join()).toMatch(/PENDING/);
  expect(begun).toBe(false);
  await second.running.terminate();
  expect(await second.running.ended).toMatchObject({ exitCode: null });
  expect(second.log.text()).toBe('');
  await first.running.kill();
  await first.running.ended;
});

it('does not take up a job of another name under its number', async () => {
  const { running, attempt, log } = await waiting();
  await expect.poll(() => log.text()).toBe('ready\n');
  expect(await (await ground.open()).adopt({ ...attempt, number: 2 }, running.handle)).toBeUndefined();
  expect(cluster.alive(jobMark(attempt))).toHaveLength(1);
  await running.kill();
  await running.ended;
});

it('says where Slurm is missing', async () => {
  const executor = new SlurmExecutor(SlurmSettings.parse({ path: '/nowhere' }));
  await expect(executor.probe()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/sbatch/),
  });
});
