// A job from its submission to its money, as its wallet sees it: held, run, settled, rewarded; and what never begins costs nothing.
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from '../harness/belongings.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

interface Job {
  readonly jobId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly held: string;
  readonly cost: string | null;
  readonly attempts: number;
}

const ENDED = ['succeeded', 'failed', 'cancelled', 'dependency_failed'];
/** Small, so that several fit beside those of other stories. */
const SMALL = { cpus: 0.1, memoryMb: 64, wallSeconds: 60 };

export function jobStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  const paid = async (label: string, amount: string): Promise<LabClient> => {
    const { walletId, client } = await newcomer(place().lab, place().operator, label);
    const key = `for ${walletId}`;
    await place().operator.call('chancellor_execute_transaction', { to: walletId, amount, idempotencyKey: key });
    return client;
  };
  const submit = async (client: LabClient, asked: object): Promise<Job> => {
    const job = { name: 'story', network: true, resources: SMALL, ...asked };
    return (await client.call<{ job: Job }>('mechanic_orchestrate_training_job', job)).job;
  };
  const ended = async (client: LabClient, { jobId }: Pick<Job, 'jobId'>): Promise<Job> => {
    const look = () => client.call<Job>('mechanic_get_job', { jobId });
    await expect.poll(async () => ENDED.includes((await look()).state)).toBe(true);
    return look();
  };
  const money = (client: LabClient) =>
    client.call<{ balance: string; held: string; history: Array<{ kind: string; memo: string | null }> }>(
      'chancellor_get_balance',
      { limit: 50 },
    );

  verifies('jobs:settled', async () => {
    const client = await paid('runs jobs', '10');
    const script = '#!/bin/sh\ntest "$(cat data/input.txt)" = 42 && echo "$1"\n';
    const files = [{ path: 'data/input.txt', text: '42' }];
    const first = await submit(client, { script, arguments: ['done'], files });
    expect(Number(first.held)).toBeGreaterThan(0);
    const job = await ended(client, first);
    expect(job).toMatchObject({ state: 'succeeded', reason: 'finished', attempts: 1 });
    expect(Number(job.cost)).toBeLessThanOrEqual(Number(first.held));
    // Its cost is taken, the rest is back, and its reward is paid, each once.
    const of = async (kind: string) =>
      (await money(client)).history.filter((one) => one.kind === kind && one.memo?.includes(job.jobId));
    await expect
      .poll(async () => [(await of('hold')).length, (await of('reward')).length, (await money(client)).held])
      .toEqual([1, 1, '0.00']);
    expect(Number((await money(client)).balance)).toBeCloseTo(10 + 2 - Number(job.cost), 6);

    const poor = (await newcomer(place().lab, place().operator, 'has nothing')).client;
    expect(
      await poor.refused('mechanic_orchestrate_training_job', { name: 'a', command: ['true'], network: true }),
    ).toMatchObject({
      code: 'insufficient_funds',
    });
    expect((await poor.call<{ jobs: Job[] }>('mechanic_list_jobs')).jobs).toEqual([]);
  });

  verifies('jobs:chains', async () => {
    const client = await paid('has chains', '10');
    const after = ({ jobId }: Job) => ({ command: ['true'], after: [{ jobId }] });
    const fails = await submit(client, { command: ['sh', '-c', 'sleep 1; exit 3'] });
    const second = await submit(client, after(fails));
    const third = await submit(client, after(second));
    expect(await client.call('mechanic_why_pending', { jobId: third.jobId })).toMatchObject({ missing: 'dependency' });
    expect(await ended(client, fails)).toMatchObject({ state: 'failed', reason: 'exit_code' });
    for (const one of [second, third, await submit(client, after(third))])
      expect(await ended(client, one)).toMatchObject({ state: 'dependency_failed', attempts: 0, cost: '0.00' });

    const runs = await submit(client, { command: ['sleep', '600'], resources: { ...SMALL, wallSeconds: 700 } });
    await expect
      .poll(async () => (await client.call<Job>('mechanic_get_job', { jobId: runs.jobId })).state)
      .toBe('running');
    for (let times = 0; times < 2; times++)
      await client.call('mechanic_cancel_job', { jobId: runs.jobId, graceSeconds: 1 });
    expect(await ended(client, runs)).toMatchObject({ state: 'cancelled', reason: 'cancelled' });
    await expect.poll(async () => (await money(client)).held).toBe('0.00');
  });
}
