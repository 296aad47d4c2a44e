// Jobs through each engine, from their submission over MCP to their money: containers of a real Podman, a real Slurm of one node, and
// a stand-in for Kubernetes. One lab has a worker that knows all three. Needs root.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LabClient, temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { IMAGE, Podman } from '../../apps/worker/src/executors/container/podman.testing.js';
import { ApiServer } from '../../apps/worker/src/executors/kubernetes/api-server.testing.js';
import { SlurmCluster } from '../../apps/worker/src/executors/slurm/slurm-cluster.testing.js';
import { JobOwner, micro, steady } from '../harness/job-owner.js';
import { type LabUnderTest, oneProcessLab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

const GIVEN = '10.00';
const REWARD = 2_000_000n;
const INPUT = 'größe \u{1F52D}\n';
/** Price of a second, so that a millisecond shows: 0.5 CPU and 64 MB. */
const PRICES = { cpuSecond: '0.001000', gbSecond: '0.016000' };
const RESOURCES = { cpus: 0.5, memoryMb: 64, wallSeconds: 300 };
const MICRO_A_SECOND = 1_500;

/** Waits until it was seen that it runs; bytes that are no text, and both streams. */
const SCRIPT = `#!/bin/sh
cat data/input.txt
printf '\\377\\376\\n'
echo aside >&2
n=0
while [ $n -lt 5 ]; do n=$((n + 1)); echo "line $n of $1"; sleep 0.2; done
cat data/input.txt data/input.txt > artifacts/twice.txt
`;
const lines = (what: string): string => [1, 2, 3, 4, 5].map((n) => `line ${n} of ${what}\n`).join('');
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

const EXECUTORS: ReadonlyArray<readonly [executor: string, more: object]> = [
  ['container', { image: IMAGE }],
  ['slurm', { network: true }],
  ['kubernetes', { image: 'registry.test/lab/busybox:1' }],
];

let [podman, cluster, api] = [
  undefined as Podman | undefined,
  undefined as SlurmCluster | undefined,
  undefined as ApiServer | undefined,
];
let [lab, operator] = [undefined as LabUnderTest | undefined, undefined as LabClient | undefined];
let folder: string;

const kubeconfig = (port: number): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'worker', user: { token: 'of-a-test' } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'worker' } }],
    'current-context': 'lab',
  });

beforeAll(async () => {
  folder = await temporaryFolder('engines');
  [podman, cluster, api] = await Promise.all([Podman.start(), SlurmCluster.start(), ApiServer.start()]);
  await mkdir(join(folder, 'jobs'));
  await writeFile(join(folder, 'kubeconfig'), kubeconfig(api.port));
  lab = await oneProcessLab({
    LABMESH_WORKER_EXECUTORS: EXECUTORS.map(([executor]) => executor).join(),
    LABMESH_WORKER_FOLDER: join(folder, 'jobs'),
    LABMESH_WORKER_CONTAINER_ENGINE: podman.socket,
    LABMESH_WORKER_SLURM_CONF: cluster.configuration,
    LABMESH_WORKER_KUBERNETES_CONFIG: join(folder, 'kubeconfig'),
    LABMESH_WORKER_KUBERNETES_NAMESPACE: 'lab',
    LABMESH_WORKER_KUBERNETES_VOLUME_CLAIM: 'jobs',
    LABMESH_WORKER_KUBERNETES_NETWORK: 'policy',
  });
  const started = lab;
  const client = await steady(() => started.connect(started.operatorToken()));
  operator = client;
  await steady(() => client.call('mechanic_set_prices', PRICES));
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await lab?.[Symbol.asyncDispose]();
  await Promise.all([podman, cluster, api].map((engine) => engine?.[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true, force: true });
});

verifies('jobs:engines', async () => {
  if (lab === undefined || operator === undefined) throw new Error('the lab did not start');
  for (const [executor, more] of EXECUTORS) {
    await using owner = await JobOwner.of(lab, operator, GIVEN);
    const submitted = await owner.submit({
      ...{ name: `through ${executor}`, executor, script: SCRIPT, arguments: [executor], resources: RESOURCES },
      ...{ files: [{ path: 'data/input.txt', text: INPUT }], submissionId: `through-${executor}`, ...more },
    });
    const { jobId } = submitted;
    expect((await owner.money(jobId)).held).toBe(micro(submitted.held));
    const { attempts } = await owner.follow(jobId);
    const job = await owner.ended(jobId);
    expect([executor, job]).toMatchObject([
      executor,
      { state: 'succeeded', reason: 'finished', attempts: 1, executor },
    ]);

    const log = attempts.get(1) ?? '';
    expect(log.replace('aside\n', '')).toBe(`${latin1(INPUT)}\u00ff\u00fe\n${lines(executor)}`);
    expect(log).toContain('aside\n');
    expect((await owner.artifact(jobId, 'artifacts/twice.txt')).toString('utf8')).toBe(INPUT + INPUT);

    const cost = micro(job.cost ?? '');
    const { startedAt, endedAt } = job.history[0] ?? {};
    const ran = Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '');
    expect(Math.abs(Number(cost) - (ran * MICRO_A_SECOND) / 1_000)).toBeLessThanOrEqual(3);
    await expect.poll(async () => (await owner.money(jobId)).rewards).toBe(1);
    await expect.poll(async () => (await owner.money(jobId)).held).toBe(0n);
    const settled = { balance: micro(GIVEN) - cost + REWARD, held: 0n, holds: 1, rewards: 1 };
    expect(await owner.money(jobId)).toEqual(settled);
  }
});

const RUNS = 5;
/** Ends by its place: the first succeeds. */
const ARRAY_SCRIPT = `#!/bin/sh
echo "$SLURM_ARRAY_TASK_ID of $SLURM_ARRAY_TASK_MIN to $SLURM_ARRAY_TASK_MAX, $SLURM_ARRAY_TASK_COUNT; $LABMESH_ARRAY_INDEX"
exit $SLURM_ARRAY_TASK_ID
`;

verifies('jobs:engine-array', async () => {
  if (lab === undefined || operator === undefined) throw new Error('the lab did not start');
  await using owner = await JobOwner.of(lab, operator, GIVEN);
  const asked = {
    ...{ name: 'an array through slurm', executor: 'slurm', script: ARRAY_SCRIPT, resources: RESOURCES, network: true },
    ...{ array: { count: RUNS }, tries: 1, submissionId: 'array-through-slurm' },
  };
  const { array } = await steady(() =>
    owner.client.call<{ array: { arrayId: string } }>('mechanic_orchestrate_training_job', asked),
  );
  const listed = () =>
    owner.client.call<{
      jobs: { jobId: string; array: { index: number }; cost: string | null }[];
      array: { states: object };
    }>('mechanic_list_jobs', { arrayId: array.arrayId });
  await expect.poll(async () => (await listed()).array.states).toEqual({ succeeded: 1, failed: RUNS - 1 });
  for (const { jobId, array: of } of (await listed()).jobs) {
    const { attempts } = await owner.follow(jobId);
    expect(attempts.get(1)).toBe(`${of.index} of 0 to ${RUNS - 1}, ${RUNS}; ${of.index}\n`);
    expect(await owner.job(jobId)).toMatchObject({ reason: of.index === 0 ? 'finished' : 'exit_code' });
  }
  await expect.poll(async () => (await owner.money('')).held).toBe(0n);
});
