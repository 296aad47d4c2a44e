// The scripts that Slurm is given, run by the shell as a node would, and the options beside them.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobSpec } from '@labmesh/contracts';
import { type AttemptToRun, jobMark } from '@labmesh/jobs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { outputFolder } from '../output-files.js';
import { batchScript, submitOptions } from './batch-script.js';
import { commentOf } from './job-marks.js';
import { SlurmSettings } from './slurm-settings.js';

const SETTINGS = SlurmSettings.parse({});
const ARRAY = 'arr_01939a3e-0000-7000-8000-000000000000';
const SHOWN = 'pwd; echo "$NAME"; env | grep ^SLURM_ | sort';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'labmesh-script-'));
});
afterAll(() => rm(home, { recursive: true }));

async function attempt(index: number | undefined, more: Partial<AttemptToRun> = {}): Promise<AttemptToRun> {
  const folder = await mkdtemp(join(home, "it's a job-"));
  const command = ['/bin/sh', '-c', SHOWN];
  const made: AttemptToRun = {
    ...{ jobId: `job_01939a3e-0000-7000-8000-00000000000${index ?? 9}`, number: 1, command, folder, gpus: [] },
    spec: JobSpec.parse({ name: 'script', command, network: true }),
    environment: { PATH: '/usr/bin:/bin', CUDA_VISIBLE_DEVICES: '', NAME: `run ${index}\n$HOME 'quoted' \`date\`` },
    array: index === undefined ? null : { arrayId: ARRAY, index, count: 8 },
    log: { written: { stdout: 0, stderr: 0 }, write: async () => undefined },
    ...more,
  };
  await mkdir(outputFolder(made), { recursive: true });
  return made;
}

async function ran(attempts: readonly AttemptToRun[], environment: Record<string, string>, at = 0): Promise<string> {
  const cwd = attempts.length === 1 ? (attempts[0]?.folder ?? '/') : '/';
  execFileSync('/bin/sh', ['-c', batchScript(attempts, SETTINGS)], {
    cwd,
    env: { PATH: '/usr/bin:/bin', ...environment },
  });
  return readFile(join(outputFolder(attempts[at] as AttemptToRun), 'stdout'), 'utf8');
}

const expected = ({ folder, environment }: AttemptToRun, variables: readonly string[]): string =>
  [folder, environment.NAME, ...variables, ''].join('\n');
const ofArray = (index: number): string[] => [
  'SLURM_ARRAY_TASK_COUNT=8',
  `SLURM_ARRAY_TASK_ID=${index}`,
  'SLURM_ARRAY_TASK_MAX=7',
  'SLURM_ARRAY_TASK_MIN=0',
  'SLURM_ARRAY_TASK_STEP=1',
];

it('runs of an array’s script the part of the task that it is, told of the lab’s array', async () => {
  const attempts = await Promise.all([5, 2, 7].map((index) => attempt(index)));
  for (const [task, index] of [5, 2, 7].entries()) {
    const given = { SLURM_JOB_ID: `${31 + task}`, SLURM_ARRAY_JOB_ID: '31', SLURM_ARRAY_TASK_ID: `${task}` };
    const variables = ['SLURM_ARRAY_JOB_ID=31', ...ofArray(index), `SLURM_JOB_ID=${31 + task}`];
    expect(await ran(attempts, given, task)).toBe(expected(attempts[task] as AttemptToRun, variables));
  }
});

it('tells a run that is alone of the lab’s array as well', async () => {
  const alone = await attempt(3);
  expect(await ran([alone], { SLURM_JOB_ID: '44' })).toBe(expected(alone, [...ofArray(3), 'SLURM_JOB_ID=44']));
});

it('tells what is of no array nothing of one', async () => {
  const alone = await attempt(undefined);
  expect(await ran([alone], { SLURM_JOB_ID: '45' })).toBe(expected(alone, ['SLURM_JOB_ID=45']));
});

it('asks for one job with tasks, each with its mark, and for no folder that is one of them', async () => {
  const attempts = await Promise.all([0, 1].map((index) => attempt(index)));
  const options = submitOptions(attempts, SETTINGS);
  expect(options).toEqual(
    expect.arrayContaining(['--array=0-1', `--job-name=${ARRAY}`, `--comment=${commentOf(attempts)}`, '--chdir=/']),
  );
  expect(options.filter((option) => attempts.some(({ folder }) => option.includes(folder)))).toEqual([]);
});

it('asks for a job of its own for what is alone', async () => {
  const alone = await attempt(0);
  const options = submitOptions([alone], SETTINGS);
  expect(options).toEqual(expect.arrayContaining([`--job-name=${jobMark(alone)}`, `--chdir=${alone.folder}`]));
  expect(options.filter((option) => option.startsWith('--array'))).toEqual([]);
});
