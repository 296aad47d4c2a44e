// Attempts as batch jobs: the options of sbatch, and the script that becomes the job's program. One alone is a job; several of an
// array are one job with a task each.
import { type AttemptToRun, jobMark, type RunOfArray } from '@labmesh/jobs';
import { LAUNCH, outputFolder } from '../output-files.js';
import { commentOf } from './job-marks.js';
import type { SlurmSettings } from './slurm-settings.js';

/** Slurm's own limit comes after the lab's, which it stands in for when no worker is there; before it, SIGTERM. */
const AFTER_SECONDS = 120;
const GRACE_SECONDS = 30;

type Asked = Pick<AttemptToRun, 'spec'>;

/** What decides whether Slurm can run it at all. */
export function resourceOptions({ spec }: Asked, settings: SlurmSettings): string[] {
  const { cpus, memoryMb, gpus, wallSeconds } = spec.resources;
  return [
    '--nodes=1',
    '--ntasks=1',
    `--cpus-per-task=${Math.ceil(cpus)}`,
    `--mem=${memoryMb}M`,
    `--time=${Math.ceil((wallSeconds + AFTER_SECONDS) / 60)}`,
    ...(gpus > 0 ? [`--gres=gpu:${gpus}`] : []),
    ...(settings.partition === undefined ? [] : [`--partition=${settings.partition}`]),
    ...(settings.account === undefined ? [] : [`--account=${settings.account}`]),
    ...settings.options,
  ];
}

/** @param attempts of one array and with the same resources, where they are several */
export function submitOptions(attempts: readonly AttemptToRun[], settings: SlurmSettings): string[] {
  const [first] = attempts as [AttemptToRun];
  return [
    '--parsable',
    ...resourceOptions(first, settings),
    ...(attempts.length === 1 ? alone(first) : together(attempts)),
    `--signal=B:TERM@${GRACE_SECONDS}`,
    '--export=NIL',
    '--no-requeue',
  ];
}

const alone = (attempt: AttemptToRun): string[] => [
  `--job-name=${jobMark(attempt)}`,
  `--comment=${jobMark(attempt)}`,
  `--chdir=${attempt.folder}`,
  ...saidTo(said(attempt)),
];

/** Folder and output are a task's own, which its part of the script sees to: no option of sbatch can name a folder for each. */
const together = (attempts: readonly AttemptToRun[]): string[] => [
  `--array=0-${attempts.length - 1}`,
  `--job-name=${attempts[0]?.array?.arrayId ?? ''}`,
  `--comment=${commentOf(attempts)}`,
  '--chdir=/',
  ...saidTo('/dev/null'),
];

/** What Slurm itself has to say: the job's own output goes beside it. */
const saidTo = (file: string): string[] => [`--output=${file}`, `--error=${file}`];

const said = (attempt: AttemptToRun): string => `${outputFolder(attempt)}/slurm`;

export function batchScript(attempts: readonly AttemptToRun[], settings: SlurmSettings): string {
  const [first] = attempts as [AttemptToRun];
  if (attempts.length === 1) return `#!/bin/sh\n${program(first, settings)}`;
  const tasks = attempts.map((attempt, task) => `${task})\n${taskScript(attempt, settings)};;\n`);
  // Before a program has its own, this is Slurm's count of what was submitted together.
  return `#!/bin/sh\ncase "$SLURM_ARRAY_TASK_ID" in\n${tasks.join('')}esac\n`;
}

/** Of one task in its array's script. */
export const taskScript = (attempt: AttemptToRun, settings: SlurmSettings): string =>
  `cd ${quoted(attempt.folder)} && exec >${quoted(said(attempt))} 2>&1 || exit 1\n${program(attempt, settings)}`;

/** Each program takes the place of the one before: Slurm's signals and exit codes are those of the job's own. */
function program(attempt: AttemptToRun, { network }: SlurmSettings): string {
  const { CUDA_VISIBLE_DEVICES: _, ...environment } = attempt.environment;
  const gpus = attempt.spec.resources.gpus > 0 ? '"$CUDA_VISIBLE_DEVICES"' : '';
  const variables = Object.entries(environment).map(([name, value]) => quoted(`${name}=${value}`));
  const slurm = ['SLURM_JOB_ID="$SLURM_JOB_ID"', ...(attempt.array == null ? [] : arrayVariables(attempt.array))];
  const isolated = network === 'namespace' && !attempt.spec.network ? 'unshare --user --map-current-user --net ' : '';
  return `exec env -i ${slurm.join(' ')} CUDA_VISIBLE_DEVICES=${gpus} ${variables.join(' ')} \\
  ${isolated}/bin/sh -c ${[LAUNCH, outputFolder(attempt), ...attempt.command].map(quoted).join(' ')}
`;
}

/** As scripts for `sbatch --array` know them, of the lab's array: which runs Slurm was given together means nothing to a program. */
const arrayVariables = ({ index, count }: RunOfArray): string[] => [
  `\${SLURM_ARRAY_JOB_ID:+SLURM_ARRAY_JOB_ID="$SLURM_ARRAY_JOB_ID"}`,
  `SLURM_ARRAY_TASK_ID=${index}`,
  'SLURM_ARRAY_TASK_MIN=0',
  `SLURM_ARRAY_TASK_MAX=${count - 1}`,
  'SLURM_ARRAY_TASK_STEP=1',
  `SLURM_ARRAY_TASK_COUNT=${count}`,
];

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
