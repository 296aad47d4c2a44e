// What the form of a new job holds, and what the lab is asked with it.
import { JOB_LIMITS, type mechanic } from '@labmesh/contracts';

type Submission = (typeof mechanic.tools.orchestrate_training_job.input)['_zod']['input'];

export interface Draft {
  readonly name: string;
  readonly script: string;
  readonly dataset: string;
  readonly path: string;
  readonly requirements: string;
  readonly cpus: string;
  readonly memoryGb: string;
  readonly gpus: string;
  readonly hours: string;
  readonly checkpoints: string;
  readonly runs: string;
  readonly atOnce: string;
}

export const EMPTY: Draft = {
  name: '',
  script: '#!/usr/bin/env python3\nprint(6 * 7)\n',
  dataset: '',
  path: '',
  requirements: '',
  cpus: '1',
  memoryGb: '1',
  gpus: '0',
  hours: '1',
  checkpoints: '',
  runs: '1',
  atOnce: '',
};

export type Problems = Readonly<Partial<Record<keyof Draft, string>>>;

const within = (text: string, least: number, most: number): boolean => {
  const number = Number(text);
  return text.trim() !== '' && number >= least && number <= most;
};

const isCount = (text: string): boolean => within(text, 1, JOB_LIMITS.array) && Number.isInteger(Number(text));

/** What the lab would refuse, said beside the field. */
export function problemsOf(draft: Draft): Problems {
  return {
    ...(draft.name.trim() === '' ? { name: 'Give it a name.' } : {}),
    ...(draft.script.trim() === '' ? { script: 'Say what to run.' } : {}),
    ...(draft.dataset !== '' && !/^ds_[A-Za-z0-9-]{1,60}$/.test(draft.dataset)
      ? { dataset: 'A dataset’s id looks like ds_…' }
      : {}),
    ...(within(draft.cpus, 0.1, 1_024) ? {} : { cpus: 'From 0.1 to 1,024.' }),
    ...(within(draft.memoryGb, 0.0625, 16_384) ? {} : { memoryGb: 'From 0.0625 to 16,384.' }),
    ...(within(draft.gpus, 0, 1_024) && Number.isInteger(Number(draft.gpus)) ? {} : { gpus: 'A whole number.' }),
    ...(isCount(draft.runs) ? {} : { runs: `From 1 to ${JOB_LIMITS.array.toLocaleString('en')}.` }),
    ...(draft.atOnce.trim() === '' || isCount(draft.atOnce) ? {} : { atOnce: 'A whole number, or nothing.' }),
    ...(within(draft.hours, 1 / 3_600, 720) ? {} : { hours: 'Up to 720.' }),
  };
}

export function submissionOf(draft: Draft): Submission {
  const { dataset, path } = draft;
  return {
    name: draft.name.trim(),
    script: draft.script.replaceAll('\r\n', '\n'),
    files: dataset === '' ? [] : [{ datasetId: dataset, path: path.trim() || 'data.csv', ...formatOf(path) }],
    ...(draft.requirements.trim() === '' ? {} : { requirements: draft.requirements.trim().split(/[\s,]+/) }),
    ...(Number(draft.runs) === 1 ? {} : { array: arrayOf(draft) }),
    ...(draft.checkpoints.trim() === '' ? {} : { checkpoints: draft.checkpoints.trim() }),
    resources: {
      cpus: Math.round(Number(draft.cpus) * 1_000) / 1_000,
      memoryMb: Math.round(Number(draft.memoryGb) * 1_024),
      gpus: Number(draft.gpus),
      wallSeconds: Math.max(1, Math.round(Number(draft.hours) * 3_600)),
    },
  };
}

const arrayOf = ({ runs, atOnce }: Draft) => ({
  count: Number(runs),
  ...(atOnce.trim() === '' ? {} : { parallel: Number(atOnce) }),
});

const formatOf = (path: string): { format: 'csv' } | { format: 'json' } =>
  ({ format: /\.(json|ndjson|parquet)$/.exec(path.trim())?.[1] ?? 'csv' }) as { format: 'csv' };
