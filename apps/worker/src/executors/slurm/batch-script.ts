// One attempt as a batch job: the options of sbatch, and the script that becomes the job's program.
import { type AttemptToRun, jobMark } from '@labmesh/jobs';
import { LAUNCH, outputFolder } from '../output-files.js';
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

export function submitOptions(attempt: AttemptToRun, settings: SlurmSettings): string[] {
  const said = `${outputFolder(attempt)}/slurm`;
  return [
    '--parsable',
    ...resourceOptions(attempt, settings),
    `--job-name=${jobMark(attempt)}`,
    `--comment=${jobMark(attempt)}`,
    `--chdir=${attempt.folder}`,
    // What Slurm itself has to say: the job's own output goes beside it.
    `--output=${said}`,
    `--error=${said}`,
    `--signal=B:TERM@${GRACE_SECONDS}`,
    '--export=NIL',
    '--no-requeue',
  ];
}

/** Each program takes the place of the one before: Slurm's signals and exit codes are those of the job's own. */
export function batchScript(attempt: AttemptToRun, { network }: SlurmSettings): string {
  const { CUDA_VISIBLE_DEVICES: _, ...environment } = attempt.environment;
  const gpus = attempt.spec.resources.gpus > 0 ? '"$CUDA_VISIBLE_DEVICES"' : '';
  const variables = Object.entries(environment).map(([name, value]) => quoted(`${name}=${value}`));
  const alone = network === 'namespace' && !attempt.spec.network ? 'unshare --user --map-current-user --net ' : '';
  return `#!/bin/sh
exec env -i SLURM_JOB_ID="$SLURM_JOB_ID" CUDA_VISIBLE_DEVICES=${gpus} ${variables.join(' ')} \\
  ${alone}/bin/sh -c ${[LAUNCH, outputFolder(attempt), ...attempt.command].map(quoted).join(' ')}
`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
