// The Slurm executor with a real cluster of one node: what every executor does, and what Slurm adds.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AttemptToRun, jobMark } from '@labmesh/jobs';
import { Child } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe('runs of an array', () => {
  /** They go as soon as all of them have come: how fast the machine is decides nothing. */
  const LONG_MS = 120_000;
  const READY = `trap 'echo bye; exit 6' TERM; echo ready; ${FOREVER}`;
  const BASE = (handle: string): string => handle.split('_')[0] ?? '';

  const settings = (more: object = {}) => ({ ...underTest(cluster).settings, gatherMs: LONG_MS, ...more });
  const logOf = ({ log }: Pick<AttemptToRun, 'log'>): string => (log as MemoryLog).text();

  /** One attempt for each script, by its index. */
  async function array(scripts: readonly string[], indexes = scripts.map((_, index) => index), count = scripts.length) {
    const arrayId = `arr_${randomUUID()}`;
    const attempts = await Promise.all(
      scripts.map(async (script, at) => {
        const attempt = await ground.attempt(shell(script), new MemoryLog());
        return { ...attempt, array: { arrayId, index: indexes[at] ?? 0, count } };
      }),
    );
    return { arrayId, attempts };
  }
  async function started(scripts: readonly string[], more: object = {}) {
    const executor = new SlurmExecutor(settings(more));
    const { arrayId, attempts } = await array(scripts);
    const running = await Promise.all(attempts.map((attempt) => executor.start(attempt)));
    const runs = attempts.map((attempt, at) => ({ attempt, running: running[at] as (typeof running)[number] }));
    return { executor, arrayId, runs, attempts, running };
  }
  type Run = Awaited<ReturnType<typeof started>>['runs'][number];
  const stateOf = (arrayId: string, handle: string): string | undefined => cluster.tasks(arrayId)[handle];

  it('are one job with tasks, each with its own output, end and place in the lab’s array', async () => {
    const executor = new SlurmExecutor(settings());
    const told =
      'echo "$SLURM_ARRAY_TASK_ID of $SLURM_ARRAY_TASK_MIN to $SLURM_ARRAY_TASK_MAX, $SLURM_ARRAY_TASK_COUNT"';
    const script = `${told}; echo "$SLURM_ARRAY_JOB_ID" >&2; pwd; exit $SLURM_ARRAY_TASK_ID`;
    const { arrayId, attempts } = await array(Array(4).fill(script), [3, 0, 2, 1]);
    const running = await Promise.all(attempts.map((attempt) => executor.start(attempt)));
    const base = BASE(running[0]?.handle ?? '');
    expect(running.map(({ handle }) => handle).sort()).toEqual([0, 1, 2, 3].map((task) => `${base}_${task}`));
    expect(Object.keys(cluster.tasks(arrayId)).sort()).toEqual(running.map(({ handle }) => handle).sort());
    expect(cluster.command('scontrol', 'show', 'job', running[0]?.handle ?? '')).toContain(`ArrayJobId=${base}`);
    const ends = await Promise.all(running.map(({ ended }) => ended));
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([3, 0, 2, 1]);
    for (const { folder, array, log } of attempts) {
      expect((log as MemoryLog).text()).toBe(`${array?.index} of 0 to 3, 4\n${folder}\n`);
      expect((log as MemoryLog).text('stderr')).toBe(`${base}\n`);
    }
  });

  it('one that is alone, as when it is tried again, has the same place', async () => {
    const { attempts } = await array(['echo "$SLURM_ARRAY_TASK_ID of $SLURM_ARRAY_TASK_COUNT"'], [7], 9);
    const [attempt] = attempts as [AttemptToRun];
    const running = await new SlurmExecutor(settings({ gatherMs: 10 })).start(attempt);
    expect(running.handle).toMatch(/^\d+$/);
    expect(await running.ended).toMatchObject({ exitCode: 0 });
    expect(logOf(attempt)).toBe('7 of 9\n');
  });

  it('end each for itself: one that fails, one that is cancelled while it waits, one that somebody else cancels', async () => {
    const never = 'echo never';
    const { arrayId, runs } = await started(['exit 3', READY, READY, never, never, 'echo last; exit 4']);
    const [failing, first, second, waiting, strangers, last] = runs as [Run, Run, Run, Run, Run, Run];
    expect(await failing.running.ended).toMatchObject({ exitCode: 3, reason: null });
    await expect.poll(() => [logOf(first.attempt), logOf(second.attempt)]).toEqual(['ready\n', 'ready\n']);
    // Slurm has all that wait as one.
    expect(cluster.command('squeue', '--noheader', `--name=${arrayId}`, '--format=%i')).toMatch(/_\[3-5\]/);
    await waiting.running.terminate();
    expect(await waiting.running.ended).toMatchObject({ exitCode: null, message: null });
    cluster.command('scancel', strangers.running.handle);
    expect(await strangers.running.ended).toMatchObject({ exitCode: null, message: expect.stringMatching(/scancel/) });
    expect([first, second, last].map(({ running }) => stateOf(arrayId, running.handle))).toEqual([
      'RUNNING',
      'RUNNING',
      'PENDING',
    ]);
    cluster.command('scancel', second.running.handle);
    expect(await second.running.ended).toMatchObject({ signal: 'SIGKILL', message: expect.stringMatching(/scancel/) });
    expect(await last.running.ended).toMatchObject({ exitCode: 4 });
    await first.running.terminate();
    expect(await first.running.ended).toMatchObject({ exitCode: 6, message: null });
    const logs = runs.map(({ attempt }) => logOf(attempt).replace('bye\n', ''));
    expect(logs).toEqual(['', 'ready\n', 'ready\n', '', '', 'last\n']);
  });

  it('say what each uses, and are killed one by one', async () => {
    const { arrayId, runs } = await started([`trap '' TERM; echo ready; while :; do :; done`, READY]);
    const [busy, other] = runs as [Run, Run];
    await expect.poll(async () => (await busy.running.usage()).cpuMs).toBeGreaterThan(200);
    await busy.running.kill();
    expect(await busy.running.ended).toMatchObject({ exitCode: null, signal: 'SIGKILL', message: null });
    expect(stateOf(arrayId, other.running.handle)).toBe('RUNNING');
    await other.running.kill();
    await other.running.ended;
  });

  it('go on without their worker, and are taken up by another, each as its own', async () => {
    const { arrayId, attempts } = await array([
      'i=0; while [ $i -lt 40 ]; do echo "line $i"; i=$((i+1)); sleep 0.1; done; exit 4',
      READY,
      'echo "waited as $SLURM_ARRAY_TASK_ID"; exit 5',
    ]);
    const logFolder = await mkdtemp(join(tmpdir(), 'labmesh-log-'));
    const task = {
      kind: 'slurm',
      settings: settings(),
      attempts: attempts.map(({ log: _, ...one }) => one),
      logFolder,
    };
    const worker = new Child({
      command: process.execPath,
      args: [join(import.meta.dirname, '../../../test/lost-worker.mjs'), JSON.stringify(task)],
    });
    const logged = (at: number): Promise<string> =>
      readFile(join(logFolder, attempts[at]?.jobId ?? '', 'stdout'), 'utf8').catch(() => '');
    await worker.until(async () => (await logged(0)).includes('line 3\n') && (await logged(1)) === 'ready\n');
    await worker.crash();
    const handles = worker.output.split('\n').slice(0, 3) as [string, string, string];
    expect(stateOf(arrayId, handles[2])).toBe('PENDING');

    const heir = new SlurmExecutor(settings());
    const before = [await logged(0), await logged(1), ''];
    for (const [at, { log }] of attempts.entries())
      (log as MemoryLog).written.stdout = Buffer.byteLength(before[at] ?? '');
    expect(await heir.adopt(attempts[0] as AttemptToRun, handles[1])).toBeUndefined();
    expect(await heir.adopt(attempts[2] as AttemptToRun, BASE(handles[2]))).toBeUndefined();
    const adopted = await Promise.all(attempts.map((attempt, at) => heir.adopt(attempt, handles[at] ?? '')));
    expect(await adopted[0]?.ended).toMatchObject({ exitCode: 4 });
    expect(await adopted[2]?.ended).toMatchObject({ exitCode: 5 });
    await adopted[1]?.terminate();
    expect(await adopted[1]?.ended).toMatchObject({ exitCode: 6 });
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join('');
    expect(attempts.map((attempt, at) => before[at] + logOf(attempt))).toEqual([
      lines,
      'ready\nbye\n',
      'waited as 2\n',
    ]);
    await rm(logFolder, { recursive: true });
  });

  it('are reaped one by one by the mark alone, whether they run or wait', async () => {
    const { arrayId, runs } = await started([READY, READY, 'echo never', 'exit 7']);
    const [running, other, waiting, last] = runs as [Run, Run, Run, Run];
    await expect.poll(() => [logOf(running.attempt), logOf(other.attempt)]).toEqual(['ready\n', 'ready\n']);
    for (const { running } of runs.slice(0, 3)) await running.leave?.();
    const another = await ground.open();
    await another.reap(waiting.attempt, null);
    // Slurm forgets at once a task that never began.
    expect(runs.map(({ running }) => stateOf(arrayId, running.handle))).toEqual([
      'RUNNING',
      'RUNNING',
      undefined,
      'PENDING',
    ]);
    await another.reap(running.attempt, null);
    expect(stateOf(arrayId, other.running.handle)).toBe('RUNNING');
    expect(await last.running.ended).toMatchObject({ exitCode: 7 });
    await another.reap(other.attempt, other.running.handle);
    expect(Object.values(cluster.tasks(arrayId)).filter((state) => state === 'RUNNING')).toEqual([]);
  });

  it('are found where the controller took them and could not say so', async () => {
    const sbatch = `"$REAL" "$@" || exit; case "$*" in *--parsable*) ;; *) exit 0; esac
      echo 'sbatch: error: Batch job submission failed: Unable to contact slurm controller' >&2; exit 1`;
    const { arrayId, runs } = await started(['exit 1', 'exit 2', 'exit 3'], {
      path: await cluster.commandsWith({ sbatch }),
    });
    expect(Object.keys(cluster.tasks(arrayId)).sort()).toEqual(runs.map(({ running }) => running.handle));
    const ends = await Promise.all(runs.map(({ running }) => running.ended));
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([1, 2, 3]);
  });

  it('are submitted singly where Slurm refuses them together, and one that it refuses takes no other with it', async () => {
    const sbatch = `case "$*" in *--array*) echo 'sbatch: error: Invalid job array specification' >&2; exit 1; esac
      cat >"$0.$$"; case "$*" in *--test-only*) ;; *) ! grep -q unwanted "$0.$$" || { echo 'sbatch: error: not this one' >&2; exit 1; }; esac
      exec "$REAL" "$@" <"$0.$$"`;
    const executor = new SlurmExecutor(settings({ path: await cluster.commandsWith({ sbatch }) }));
    const { arrayId, attempts } = await array(['exit 1', 'echo unwanted', 'exit 3']);
    const [first, second, third] = await Promise.allSettled(attempts.map((attempt) => executor.start(attempt)));
    expect(second).toMatchObject({ reason: { code: 'invalid_input', message: expect.stringMatching(/not this one/) } });
    for (const [answer, exitCode] of [
      [first, 1],
      [third, 3],
    ] as const) {
      if (answer?.status !== 'fulfilled') throw new Error('it was not submitted');
      expect(answer.value.handle).toMatch(/^\d+$/);
      expect(await answer.value.ended).toMatchObject({ exitCode });
    }
    expect(cluster.tasks(arrayId)).toEqual({});
  });

  it('are as many arrays as the cluster’s bound wants', async () => {
    const scontrol = `"$REAL" "$@" | sed 's/^\\(MaxArraySize *=\\) .*/\\1 2/'`;
    const { running } = await started(Array(4).fill('exit 0'), { path: await cluster.commandsWith({ scontrol }) });
    expect(new Set(running.map(({ handle }) => BASE(handle))).size).toBe(2);
    expect(running.map(({ handle }) => handle.split('_')[1])).toEqual(expect.arrayContaining(['0', '1']));
    await Promise.all(running.map(({ ended }) => ended));
  });
});
