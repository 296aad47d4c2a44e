// Jobs under load while what runs them is killed with -9, again and again, and started on what it left: each job ends once, what nodes
// have is never given twice and comes back, and so does the money.
import { setTimeout as pause } from 'node:timers/promises';
import { type LabClient, runs } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from '../harness/belongings.js';
import { steady } from '../harness/job-owner.js';
import type { Lab } from '../harness/lab-under-test.js';

const JOBS = runs(200);
const KILLS = runs(15);
const LOOK_MS = 100;
/** So many jobs have room at once. */
const ROOM = 4;
export const CPUS = '1';
const SMALL = { cpus: 0.25, memoryMb: 64, wallSeconds: 60 };
/** What a lab that was away waits for. */
export const SETTINGS = { LABMESH_WORKER_CPUS: CPUS, LABMESH_WORKER_LEASE_SECONDS: '2' };

/** kill -9 of what runs the jobs, and a new start on the same data. */
export type Crash = (kill: number) => Promise<void>;

interface Job {
  readonly jobId: string;
  readonly state: string;
  readonly cost: string | null;
  readonly endedAt: string | null;
}

interface Whole extends Job {
  readonly history: ReadonlyArray<{ readonly outcome: string | null; readonly state: string }>;
}

interface Node {
  readonly running: number;
  readonly cpus: { readonly total: number; readonly free: number };
}

/** One wallet's jobs, all of them. */
async function allJobs(client: LabClient): Promise<Job[]> {
  const jobs: Job[] = [];
  let cursor: string | undefined;
  do {
    const asked = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const page = await steady(() => client.call<{ jobs: Job[]; nextCursor?: string }>('mechanic_list_jobs', asked));
    jobs.push(...page.jobs);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return jobs;
}

/** Looks until so many have ended; at each look no more run than there is room for. */
async function untilEnded(client: LabClient, count: number): Promise<Job[]> {
  let jobs: Job[] = [];
  await expect
    .poll(
      async () => {
        jobs = await allJobs(client);
        expect(jobs.filter(({ state }) => state === 'starting' || state === 'running').length).toBeLessThanOrEqual(
          ROOM,
        );
        return jobs.filter(({ endedAt }) => endedAt !== null).length;
      },
      { interval: LOOK_MS },
    )
    .toBeGreaterThanOrEqual(count);
  return jobs;
}

async function submitAll(client: LabClient): Promise<void> {
  for (let n = 0; n < JOBS; n += 1)
    await steady(() =>
      client.call('mechanic_orchestrate_training_job', {
        ...{ name: `killed ${n}`, command: ['sleep', `0.${n % 5}`], network: true, resources: SMALL },
        submissionId: `killed-${n}`,
      }),
    );
}

/** Kills each time when a further share of the jobs has ended: with something under way, as long as there is more than room for. */
async function killedAllAlong(lab: Lab, token: string, crash: Crash): Promise<void> {
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const client = await steady(() => lab.connect(token));
    await untilEnded(client, Math.floor((kill * (JOBS - 2 * ROOM)) / KILLS));
    // Whatever a job is at, at that moment.
    await pause(Math.random() * LOOK_MS);
    await crash(kill);
    await Promise.resolve(client[Symbol.asyncDispose]()).catch(() => undefined);
  }
}

/** Each job ends once, and succeeds once; what nodes have comes back, and so does the money. */
export async function outlived(lab: Lab, operatorOf: () => Promise<LabClient>, crash: Crash): Promise<void> {
  await using operator = await operatorOf();
  const { walletId, client } = await newcomer(lab, operator, 'has jobs that outlive the lab');
  await operator.call('chancellor_execute_transaction', { to: walletId, amount: '100', idempotencyKey: walletId });
  const { token } = await client.call<{ token: string }>('sentinel_generate_wallet_token', { kind: 'client_key' });
  await submitAll(client);
  await client[Symbol.asyncDispose]();
  await killedAllAlong(lab, token, crash);

  await using after = await steady(() => lab.connect(token));
  // Said again, it is the same jobs.
  await submitAll(after);
  const jobs = await untilEnded(after, JOBS);
  expect(jobs.map(({ state }) => state)).toEqual(Array.from({ length: JOBS }, () => 'succeeded'));
  for (const { jobId } of jobs) {
    const { history } = await steady(() => after.call<Whole>('mechanic_get_job', { jobId }));
    expect(history.filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(1);
    expect(
      history.filter(({ state, outcome }) => state !== 'ended' || !['succeeded', 'lost'].includes(outcome ?? '')),
    ).toEqual([]);
  }
  const { nodes } = await steady(() => after.call<{ nodes: Node[] }>('mechanic_list_nodes'));
  const total = Number(CPUS);
  expect(nodes).toMatchObject([{ running: 0, cpus: { free: total, total } }]);
  const held = async () => (await after.call<{ held: string }>('chancellor_get_balance')).held;
  await expect.poll(held).toBe('0.00');
}

/** From a submission to well after a start; the worker is killed at as many instants of it. */
const START_MS = 60;
const INSTANTS = 20;
/** What a lease and the start of a worker take, and as much again. */
const BACK_MS = 20_000;

/** The one place of a node is a job's whose worker is killed while it is being placed and started; then the next one's. */
export async function startedOnce(operator: LabClient, lab: Lab, crash: () => Promise<void>): Promise<void> {
  const { walletId, client } = await newcomer(lab, operator, 'starts jobs on a worker that dies');
  await operator.call('chancellor_execute_transaction', { to: walletId, amount: '100', idempotencyKey: walletId });
  const whole = { command: ['sleep', '0.1'], network: true, resources: { ...SMALL, cpus: Number(CPUS) } };
  const submit = async (name: string): Promise<string> => {
    const asked = { ...whole, name, submissionId: name };
    return (await client.call<{ job: Job }>('mechanic_orchestrate_training_job', asked)).job.jobId;
  };
  const succeeded = (jobId: string) =>
    expect
      .poll(async () => (await client.call<Job>('mechanic_get_job', { jobId })).state, { timeout: BACK_MS })
      .toBe('succeeded');
  const step = START_MS / runs(INSTANTS);
  for (let instant = 0; instant < runs(INSTANTS); instant += 1) {
    const [first] = await Promise.all([submit(`its-worker-dies-${instant}`), pause(instant * step).then(crash)]);
    const next = await submit(`goes-on-${instant}`);
    await succeeded(first);
    await succeeded(next);
    const { history } = await client.call<Whole>('mechanic_get_job', { jobId: first });
    expect(history.map(({ outcome }) => outcome).toSorted()).toEqual(
      [...Array.from({ length: history.length - 1 }, () => 'lost'), 'succeeded'].toSorted(),
    );
    expect(history.length).toBeLessThanOrEqual(2);
  }
  const { nodes } = await client.call<{ nodes: Node[] }>('mechanic_list_nodes');
  expect(nodes).toMatchObject([{ running: 0, cpus: { free: Number(CPUS), total: Number(CPUS) } }]);
  await client[Symbol.asyncDispose]();
}
