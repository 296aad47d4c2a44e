// Runs attempts on a cluster by Slurm's own commands. Jobs go on without the worker: one that comes after it finds them by their
// number, or by their name, which is the attempt's mark. The jobs' folders must have the same path on the nodes.
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type JobSpec } from '@labmesh/contracts';
import { type AttemptToRun, type Executor, type ExecutorReport, jobMark, type RunningAttempt } from '@labmesh/jobs';
import { FollowedAttempt, outputOf } from '../followed-attempt.js';
import { OutputFiles } from '../output-files.js';
import { batchScript, resourceOptions, submitOptions } from './batch-script.js';
import { isSilent, RunningJob } from './running-job.js';
import { SlurmCommands, SlurmRefusal } from './slurm-commands.js';
import type { SlurmSettings } from './slurm-settings.js';
import { isOver } from './slurm-states.js';
import { SlurmWatch } from './slurm-watch.js';

/** A file that another machine writes tells nothing here. */
const LOOK_MS = 250;
const REAP_TRIES = 120;
const REAP_PAUSE_MS = 500;

export class SlurmExecutor implements Executor {
  readonly kind = 'slurm';
  readonly #commands: SlurmCommands;
  readonly #watch: SlurmWatch;
  #report: ExecutorReport | undefined;

  constructor(private readonly settings: SlurmSettings) {
    this.#commands = new SlurmCommands(settings);
    this.#watch = new SlurmWatch(this.#commands, settings.pollMs);
  }

  async probe(): Promise<ExecutorReport> {
    const version = (await this.#commands.run('sbatch', ['--version']).catch(refused)).trim();
    const configuration = await this.#commands.run('scontrol', ['show', 'config']).catch(refused);
    const has = (pattern: RegExp): boolean => pattern.test(configuration);
    const memory = has(/^ConstrainRAMSpace\s*= yes/m) || has(/^JobAcctGatherParams\s*=.*OverMemoryKill/m);
    const report: ExecutorReport = {
      kind: this.kind,
      version,
      enforced: {
        cpus: has(/^ConstrainCores\s*= yes/m) ? 'engine' : 'share',
        memory: memory ? 'engine' : 'none',
        processes: 'none',
        disk: 'watchdog',
        network: this.settings.network === 'namespace' ? 'namespace' : 'none',
        wallTime: 'engine',
      },
      notes: notesOf(memory, has(/^ProctrackType\s*= proctrack\/cgroup/m)),
    };
    this.#report = report;
    return report;
  }

  async refuse(spec: JobSpec): Promise<void> {
    const { enforced } = this.#report ?? (await this.probe());
    if (spec.image !== undefined)
      throw new AppError('invalid_input', 'Slurm runs programs of its nodes, not images: take the container executor.');
    if (enforced.memory === 'none')
      throw new AppError(
        'unavailable',
        'Slurm here holds no job to its memory: set ConstrainRAMSpace=yes in its cgroup.conf, with task/cgroup.',
      );
    if (enforced.network === 'none' && !spec.network)
      throw new AppError(
        'invalid_input',
        'Slurm’s nodes give a job their network: submit it with network: true, or set LABMESH_WORKER_SLURM_NETWORK=namespace.',
      );
    const script = '#!/bin/sh\n';
    await this.#commands
      .run('sbatch', ['--test-only', ...resourceOptions({ spec }, this.settings)], script)
      .catch(refused);
  }

  async start(attempt: AttemptToRun): Promise<RunningAttempt> {
    await this.refuse(attempt.spec);
    const files = await OutputFiles.make(attempt);
    try {
      return this.#follow(attempt, files, await this.#submit(attempt));
    } catch (cause) {
      await files.remove();
      throw cause;
    }
  }

  async adopt(attempt: AttemptToRun, handle: string): Promise<RunningAttempt | undefined> {
    const job = await this.#watch.job(handle).catch(refused);
    // Numbers begin anew where a cluster was set up again.
    if (job?.name !== jobMark(attempt)) return undefined;
    const files = await OutputFiles.open(attempt).catch(() => undefined);
    if (files === undefined) {
      await this.reap(attempt);
      return undefined;
    }
    return this.#follow(attempt, files, handle);
  }

  async reap(attempt: Pick<AttemptToRun, 'jobId' | 'number'>): Promise<void> {
    for (let tries = 0; tries < REAP_TRIES; tries += 1) {
      const alive = await this.#named(jobMark(attempt));
      if (alive.length === 0) return;
      for (const options of [['--signal=KILL', '--full'], []])
        await this.#commands.run('scancel', ['--quiet', ...options, ...alive]).catch(unlessSilent);
      await pause(REAP_PAUSE_MS);
    }
    throw new AppError(
      'unavailable',
      `Slurm did not end ${jobMark(attempt)} within a minute: look at its node with scontrol.`,
    );
  }

  #follow(attempt: AttemptToRun, files: OutputFiles, handle: string): RunningAttempt {
    const job = new RunningJob(handle, attempt, { commands: this.#commands, watch: this.#watch });
    const kill = (): Promise<void> => job.kill();
    return new FollowedAttempt(job, outputOf(files, attempt.log, { pollMs: LOOK_MS, kill }));
  }

  /** A controller that took the job and could not say so is asked by name. */
  async #submit(attempt: AttemptToRun): Promise<string> {
    const script = batchScript(attempt, this.settings);
    try {
      const answer = await this.#commands.run('sbatch', submitOptions(attempt, this.settings), script);
      // number;cluster
      return answer.trim().split(';')[0] ?? '';
    } catch (cause) {
      if (!isSilent(cause)) return refused(cause);
      const [taken] = await this.#named(jobMark(attempt));
      if (taken === undefined) throw cause;
      return taken;
    }
  }

  /** Jobs of that name that have not ended. */
  async #named(mark: string): Promise<string[]> {
    const args = ['--noheader', '--me', '--states=all', `--name=${mark}`, '--format=%i|%T'];
    const rows = (await this.#commands.run('squeue', args).catch(refused)).split('\n').filter((row) => row !== '');
    return rows.map((row) => row.split('|') as [string, string]).flatMap(([id, state]) => (isOver(state) ? [] : [id]));
  }
}

/** @throws AppError always */
function refused(cause: unknown): never {
  if (!(cause instanceof SlurmRefusal)) throw cause;
  throw new AppError('invalid_input', `Slurm refused it: ${cause.message}`, { cause });
}

function unlessSilent(cause: unknown): void {
  if (isSilent(cause)) throw cause;
}

function notesOf(memory: boolean, tracked: boolean): string[] {
  const notes = ['Jobs run as the worker’s own user; their folders must have the same path on the nodes.'];
  if (!memory) notes.push('Memory is not held: ConstrainRAMSpace=yes in cgroup.conf; jobs are refused until then.');
  if (!tracked) notes.push('Processes that a job detaches may outlive it: ProctrackType=proctrack/cgroup ends them.');
  return notes;
}
