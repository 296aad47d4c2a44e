// A parameter sweep, as its wallet sees it: one submission, a job for each run with values of its own, at most so many at once, a sum
// over all of them when they have ended, and its money.

import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { JobOwner, micro, steady } from '../harness/job-owner.js';
import type { Lab } from '../harness/lab-under-test.js';

const SMALL = { cpus: 0.1, memoryMb: 64, wallSeconds: 60 };
const RATES = ['0.1', '0.2', '0.3', '0.4', '0.5', '0.6'];
const PARALLEL = 2;

interface Member {
  readonly jobId: string;
  readonly state: string;
  readonly cost: string | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly array: { readonly arrayId: string; readonly index: number };
}

interface Summary {
  readonly arrayId: string;
  readonly count: number;
  readonly states: Readonly<Record<string, number>>;
  readonly held: string;
  readonly cost: string;
}

const submit = (owner: JobOwner, asked: object) =>
  steady(() =>
    owner.client.call<{ array: Summary; job: { jobId: string } | null }>('mechanic_orchestrate_training_job', {
      ...{ network: true, resources: SMALL, ...asked },
    }),
  );

const listed = (owner: JobOwner, arrayId: string) =>
  owner.client.call<{ jobs: Member[]; array: Summary }>('mechanic_list_jobs', { arrayId, limit: 100 });

export async function swept(lab: Lab, operator: LabClient): Promise<void> {
  await using owner = await JobOwner.of(lab, operator, '10');
  const asked = {
    name: 'sweep',
    script: '#!/bin/sh\necho "$LABMESH_ARRAY_INDEX of $LABMESH_ARRAY_COUNT in $LABMESH_ARRAY_ID: $RATE"\n',
    array: { parameters: RATES.map((RATE) => ({ RATE })), parallel: PARALLEL },
    submissionId: `sweep-${owner.walletId}`,
  };
  const { array, job } = await submit(owner, asked);
  expect(job).toBeNull();
  expect(array.count).toBe(RATES.length);
  const { arrayId } = array;
  expect((await submit(owner, asked)).array.arrayId).toBe(arrayId);
  const after = (await submit(owner, { name: 'sum', command: ['true'], after: [{ jobId: arrayId }] })).job?.jobId ?? '';
  expect(await owner.ended(after)).toMatchObject({ state: 'succeeded' });

  const { jobs, array: whole } = await listed(owner, arrayId);
  expect(whole.states).toEqual({ succeeded: RATES.length });
  const members = jobs.toSorted((a, b) => a.array.index - b.array.index);
  expect(members.map((one) => one.array)).toEqual(RATES.map((_, index) => ({ arrayId, index })));
  for (const { jobId, array: of, startedAt } of members) {
    const { attempts } = await owner.follow(jobId);
    expect(attempts.get(1)).toBe(`${of.index} of ${RATES.length} in ${arrayId}: ${RATES[of.index]}\n`);
    // None of them began while as many as may were at it.
    const beside = members.filter((one) => one.startedAt <= startedAt && one.endedAt > startedAt);
    expect(beside.length).toBeLessThanOrEqual(PARALLEL);
  }
  expect(micro(whole.cost)).toBe(members.reduce((sum, { cost }) => sum + micro(cost ?? '0'), 0n));
  const held = async () => (await owner.client.call<{ held: string }>('chancellor_get_balance')).held;
  await expect.poll(held).toBe('0.00');
}

/** A whole array is ended, by its id, while some of it runs; and what is too much for the wallet is not there at all. */
export async function sweepEnded(lab: Lab, operator: LabClient): Promise<void> {
  await using owner = await JobOwner.of(lab, operator, '1');
  const long = { name: 'long', command: ['sleep', '300'] };
  const refused = submit(owner, { ...long, array: { count: 1_000 }, resources: { ...SMALL, wallSeconds: 3_600 } });
  await expect(refused).rejects.toMatchObject({ code: 'insufficient_funds' });
  expect((await owner.client.call<{ jobs: Member[] }>('mechanic_list_jobs')).jobs).toEqual([]);
  const { array } = await submit(owner, { ...long, array: { count: 20, parallel: PARALLEL } });
  const { arrayId } = array;
  const states = async () => (await listed(owner, arrayId)).array.states;
  await expect.poll(async () => (await states()).running).toBe(PARALLEL);
  await owner.client.call('mechanic_cancel_job', { jobId: arrayId, graceSeconds: 0 });
  await expect.poll(states).toEqual({ cancelled: 20 });
  const held = async () => (await owner.client.call<{ held: string }>('chancellor_get_balance')).held;
  await expect.poll(held).toBe('0.00');
}
