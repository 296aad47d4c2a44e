// Slurm's commands, run with an environment of their own, and their answers told apart: it said no, it does not answer, there is no
// Slurm here.
import { type ExecFileException, execFile } from 'node:child_process';
import { AppError } from '@labmesh/contracts';
import type { SlurmSettings } from './slurm-settings.js';

const ANSWER_MS = 60_000;
const OUTPUT_BYTES = 64 * 1024 * 1024;

/** Slurm said no, in its own words. */
export class SlurmRefusal extends Error {}

export class SlurmCommands {
  readonly #env: Readonly<Record<string, string>>;

  constructor({ path, configuration }: SlurmSettings) {
    this.#env = { PATH: path, ...(configuration === undefined ? {} : { SLURM_CONF: configuration }) };
  }

  /** What it wrote: to standard output, or to both. @throws SlurmRefusal, AppError unavailable */
  run(command: string, args: readonly string[], input = ''): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { env: this.#env, timeout: ANSWER_MS, maxBuffer: OUTPUT_BYTES };
      const child = execFile(command, [...args], options, (failure, stdout, stderr) => {
        if (failure === null) resolve(stdout);
        else reject(failed(command, failure, stderr.trim()));
      });
      // A command that ends before it has read all of it says itself why.
      child.stdin?.on('error', () => undefined).end(input);
    });
  }
}

/** So that a reaper can ask for more than one thing and hear of the first that Slurm could not do. */
export const isSilent = (cause: unknown): boolean => cause instanceof AppError && cause.code === 'unavailable';

export function unlessSilent(cause: unknown): undefined {
  if (isSilent(cause)) throw cause;
  return undefined;
}

/** @throws AppError always */
export function refused(cause: unknown): never {
  if (!(cause instanceof SlurmRefusal)) throw cause;
  throw new AppError('invalid_input', `Slurm refused it: ${cause.message}`, { cause });
}

const SILENT =
  /unable to contact|connection refused|timed out|connection reset|communication connection failure|in standby|slurm backup controller|fetch_config|could not establish a configuration|unable to process configuration|zero bytes/i;

function failed(command: string, failure: ExecFileException, said: string): Error {
  if (failure.code === 'ENOENT')
    return new AppError(
      'unavailable',
      `Cannot run ${command}: it is not there. Install Slurm’s commands on this machine, or give their folder in LABMESH_WORKER_SLURM_PATH.`,
    );
  if (failure.killed === true || SILENT.test(said))
    return new AppError('unavailable', `Slurm’s controller does not answer: ${firstLine(said)}`, { cause: failure });
  return new SlurmRefusal(firstLine(said) || failure.message);
}

/** Without the command's name before it. */
const firstLine = (said: string): string =>
  (said.split('\n').find((line) => line.trim() !== '') ?? '').replace(/^\w+: (error: |fatal: )?/, '');
