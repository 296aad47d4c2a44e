// Train on the lab's data, watch the log, lose the worker to kill -9, go on from the checkpoint, take the model along, be paid once.
// The training is a real one: logistic regression on the solar flares, whose weights an undisturbed run must have too.
import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LabClient, temporaryFolder } from '@labmesh/testing';
import { expect } from 'vitest';
import { JobOwner, micro, steady } from '../harness/job-owner.js';
import type { Lab } from '../harness/lab-under-test.js';

const DATASET = 'ds_donki-solar-flares-2016-2018';
const EPOCHS = 40;
const REWARD = 2_000_000n;
const GIVEN = '20.00';
/** Price of a second in 10^-6 $webxos: a CPU and 1024 MB, so that a millisecond of either shows. */
const PRICES = { cpuSecond: '0.001000', gbSecond: '0.001000' };
const RESOURCES = { cpus: 0.5, memoryMb: 512, wallSeconds: 600 };
/** 0.5 CPU and half a GB. */
const MICRO_A_SECOND = 1_000;

const PROGRAM = `
const fs = require('node:fs');
const [epochs, pauseMs] = process.argv.slice(2).map(Number);
const flares = JSON.parse(fs.readFileSync('data/flares.json', 'utf8'));
const watts = { A: 1e-8, B: 1e-7, C: 1e-6, M: 1e-5, X: 1e-4 };
const x = flares.map(({ classType, beginTime, peakTime }) => [
  1,
  Math.log10(watts[classType[0]] * Number(classType.slice(1))) + 6,
  (Date.parse(peakTime) - Date.parse(beginTime)) / 3600000,
]);
const y = flares.map(({ linkedEvents }) => Number((linkedEvents ?? []).some(({ activityID }) => activityID.includes('-CME-'))));
let state = { epoch: 0, weights: [0, 0, 0], losses: [] };
if (fs.existsSync('checkpoints/state.json')) {
  state = JSON.parse(fs.readFileSync('checkpoints/state.json', 'utf8'));
  console.log('goes on after epoch ' + state.epoch);
}
const whole = (path, value) => {
  fs.writeFileSync(path + '.part', JSON.stringify(value));
  fs.renameSync(path + '.part', path);
};
const epoch = () => {
  const slope = [0, 0, 0];
  let loss = 0;
  x.forEach((row, at) => {
    const p = 1 / (1 + Math.exp(-row.reduce((sum, value, n) => sum + value * state.weights[n], 0)));
    loss -= y[at] ? Math.log(p) : Math.log(1 - p);
    row.forEach((value, n) => { slope[n] += (p - y[at]) * value; });
  });
  state.weights = state.weights.map((weight, n) => weight - (0.5 * slope[n]) / x.length);
  state.losses.push(loss / x.length);
  state.epoch += 1;
  whole('checkpoints/state.json', state);
  console.log('epoch ' + state.epoch + ' loss ' + (loss / x.length).toFixed(6));
};
fs.mkdirSync('checkpoints', { recursive: true });
const step = () => {
  if (state.epoch < epochs) {
    epoch();
    setTimeout(step, pauseMs);
    return;
  }
  fs.mkdirSync('artifacts', { recursive: true });
  whole('artifacts/model.json', state);
};
step();
`;

/** What the same program leaves when nobody disturbs it. */
async function undisturbed(owner: JobOwner): Promise<Buffer> {
  const folder = await temporaryFolder('undisturbed');
  try {
    const asked = { datasetId: DATASET };
    const { rows } = await steady(() => owner.client.call<{ rows: object[] }>('curator_fetch_dataset', asked));
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data/flares.json'), JSON.stringify(rows));
    await writeFile(join(folder, 'train.cjs'), PROGRAM);
    execFileSync(process.execPath, ['train.cjs', String(EPOCHS), '0'], { cwd: folder });
    return execFileSync('cat', ['artifacts/model.json'], { cwd: folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const epochsOf = (log: string): number[] => [...log.matchAll(/^epoch (\d+) loss/gm)].map(([, epoch]) => Number(epoch));
const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, at) => first + at);

/** @param loseWorker kill -9 of what runs the job, and something there again that can */
export async function trained(lab: Lab, operator: LabClient, loseWorker: () => Promise<void>): Promise<void> {
  await steady(() => operator.call('mechanic_set_prices', PRICES));
  await using owner = await JobOwner.of(lab, operator, GIVEN);
  const submitted = await owner.submit({
    ...{ name: 'flares', command: [process.execPath, 'train.cjs', String(EPOCHS), '250'], network: true },
    files: [
      { path: 'train.cjs', text: PROGRAM },
      { path: 'data/flares.json', datasetId: DATASET, format: 'json' },
    ],
    ...{ resources: RESOURCES, checkpoints: 'checkpoints', submissionId: 'story-of-flares' },
  });
  const { jobId } = submitted;
  expect(micro(submitted.held)).toBe(BigInt(RESOURCES.wallSeconds * MICRO_A_SECOND));
  expect(await owner.money(jobId)).toMatchObject({ held: micro(submitted.held), holds: 1, rewards: 0 });
  const following = owner.follow(jobId);

  const kept = () =>
    owner.client.call<{ artifacts: unknown[] }>('mechanic_list_artifacts', { jobId, kind: 'checkpoint' });
  await expect.poll(async () => (await kept()).artifacts.length).toBeGreaterThan(0);
  await loseWorker();

  const job = await owner.ended(jobId);
  expect(job).toMatchObject({ state: 'succeeded', reason: 'finished', attempts: 2 });
  expect(job.history.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ['lost', 'worker_lost'],
    ['succeeded', 'finished'],
  ]);

  const { attempts } = await following;
  const [first = '', second = ''] = [attempts.get(1), attempts.get(2)];
  const before = epochsOf(first);
  const resumed = Number(/^goes on after epoch (\d+)\n/.exec(second)?.[1]);
  expect(before).toEqual(from(1, before.length));
  expect(resumed).toBeGreaterThan(0);
  expect(resumed).toBeLessThanOrEqual(before.length);
  expect(epochsOf(second)).toEqual(from(resumed + 1, EPOCHS));
  // Who asks afterwards reads the same.
  for (const [attempt, log] of attempts) {
    const asked = { jobId, attempt };
    const { pieces } = await steady(() =>
      owner.client.call<{ pieces: Array<{ text: string }> }>('mechanic_stream_logs', asked),
    );
    expect(pieces.map(({ text }) => text).join('')).toBe(log);
  }

  const model = await owner.artifact(jobId, 'artifacts/model.json');
  expect(model.equals(await undisturbed(owner))).toBe(true);

  // The attempt that was lost costs nothing; the other what it had, as long as its process ran, in whole millionths.
  const cost = micro(job.cost ?? '');
  const { startedAt, endedAt } = job.history[1] ?? {};
  const ran = Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '');
  expect(Math.abs(Number(cost) - (ran * MICRO_A_SECOND) / 1_000)).toBeLessThanOrEqual(2);
  await expect.poll(async () => (await owner.money(jobId)).rewards).toBe(1);
  await expect.poll(async () => (await owner.money(jobId)).held).toBe(0n);
  const settled = { balance: micro(GIVEN) - cost + REWARD, held: 0n, holds: 1, rewards: 1 };
  expect(await owner.money(jobId)).toEqual(settled);
}
