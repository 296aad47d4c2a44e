// What a form becomes, and what is refused before the lab is asked.
import { mechanic } from '@labmesh/contracts';
import { expect, it } from 'vitest';
import { EMPTY, problemsOf, submissionOf } from './submission.js';

const draft = { ...EMPTY, name: 'Flares' };

it('becomes what the lab’s tool takes', () => {
  const full = { ...draft, dataset: 'ds_a', path: 'data/f.parquet', requirements: 'numpy, torch==2.13.0', gpus: '1' };
  const input = submissionOf({ ...full, script: 'a\r\nb', cpus: '0.5', hours: '0.5', checkpoints: ' ckpt ' });
  expect(input).toMatchObject({
    script: 'a\nb',
    files: [{ datasetId: 'ds_a', path: 'data/f.parquet', format: 'parquet' }],
    requirements: ['numpy', 'torch==2.13.0'],
    checkpoints: 'ckpt',
    resources: { cpus: 0.5, memoryMb: 1_024, gpus: 1, wallSeconds: 1_800 },
  });
  expect(mechanic.tools.orchestrate_training_job.input.safeParse(input).success).toBe(true);
});

it('becomes an array where more than one run is wanted', () => {
  const input = submissionOf({ ...draft, runs: '20', atOnce: ' 4' });
  expect(input).toMatchObject({ array: { count: 20, parallel: 4 } });
  expect(mechanic.tools.orchestrate_training_job.input.safeParse(input).success).toBe(true);
  expect(submissionOf(draft)).not.toHaveProperty('array');
});

it('has nothing wrong with what is proposed but for its name', () => {
  expect(problemsOf(EMPTY)).toEqual({ name: 'Give it a name.' });
  expect(problemsOf(draft)).toEqual({});
});

it.each([
  [{ gpus: '1.5' }, 'gpus'],
  [{ gpus: '-1' }, 'gpus'],
  [{ cpus: '' }, 'cpus'],
  [{ memoryGb: 'x' }, 'memoryGb'],
  [{ hours: '721' }, 'hours'],
  [{ dataset: 'flares' }, 'dataset'],
  [{ runs: '0' }, 'runs'],
  [{ runs: '2.5' }, 'runs'],
  [{ atOnce: '-1' }, 'atOnce'],
  [{ script: ' ' }, 'script'],
])('refuses %j', (wrong, field) => {
  expect(Object.keys(problemsOf({ ...draft, ...wrong }))).toEqual([field]);
});
