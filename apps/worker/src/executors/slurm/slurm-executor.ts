// Runs attempts on a cluster by Slurm's own commands. Jobs go on without the worker: one that comes after it finds them by their
// number, or by the attempt's mark. The jobs' folders must have the same path on the nodes.
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type JobSpec } from '@labmesh/contracts';
import { type AttemptToRun, type Executor, type ExecutorReport, jobMark, type RunningAttempt } from '@labmesh/jobs';
import { FollowedAttempt, outputOf } from '../followed-attempt.js';
import { OutputFiles } from '../output-files.js';
import { resourceOptions, taskScript } from './batch-script.js';
import { Gathering } from './gathering.js';
import { COMMENT_ROOM, markAt, markBytes } from './job-marks.js';
import { RunningJob } from './running-job.js';
import { refused, SlurmCommands, unlessSilent } from './slurm-commands.js';
import type { SlurmSettings } from './slurm-settings.js';
import { hasBegun, isOver, type QueuedJob, type SlurmJob } from './slurm-states.js';
import { SlurmWatch } from './slurm-watch.js';
import { Submissions } from './submissions.js';

/** A file that another machine writes tells nothing here. */
const LOOK_MS = 250;
const REAP_TRIES = 120;
const REAP_PAUSE_MS = 500;
/** Of one submission: as many as its comment can name. Slurm itself takes scripts of 4 MiB. */
const TASKS_MAX = 40;
const SCRIPT_BYTES_MAX = 1024 * 1024;

export class SlurmExecutor implements Executor {
  readonly kind = 'slurm';
  readonly #commands: SlurmCommands;
  readonly #watch: SlurmWatch;
  readonly #gathering: Gathering;
  readonly #asked = new Map<string, Promise<unknown>>();
  #report: ExecutorReport | undefined;
  /** Tasks of an array that the cluster takes; one: none. */
  #tasksMax = 1;

  constructor(private readonly settings: SlurmSettings) {
    this.#commands = new SlurmCommands(settings);
    this.#watch = new SlurmWatch(this.#commands, settings.pollMs);
    const submissions = new Submissions({ commands: this.#commands, watch: this.#watch }, settings);
    this.#gathering = new Gathering({
      gatherMs: settings.gatherMs,
      kindOf: (attempt) => JSON.stringify(resourceOptions(attempt, settings)),
      weightOf: (attempt) => ({
        markBytes: markBytes(attempt),
        scriptBytes: Buffer.byteLength(taskScript(attempt, settings)),
      }),
      bounds: () => ({
        tasks: Math.min(TASKS_MAX, this.#tasksMax),
        markBytes: COMMENT_ROOM,
        scriptBytes: SCRIPT_BYTES_MAX,
      }),
      submit: (attempts) => submissions.submit(attempts),
    });
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
    this.#tasksMax = arrayBound(configuration);
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
    await this.#ask(resourceOptions({ spec }, this.settings)).catch(refused);
  }

  /** Many attempts that begin at once ask the same: what is being answered is asked once. */
  #ask(options: readonly string[]): Promise<unknown> {
    const key = JSON.stringify(options);
    const answer =
      this.#asked.get(key) ??
      this.#commands.run('sbatch', ['--test-only', ...options], '#!/bin/sh\n').finally(() => this.#asked.delete(key));
    this.#asked.set(key, answer);
    return answer;
  }

  async start(attempt: AttemptToRun): Promise<RunningAttempt> {
    await this.refuse(attempt.spec);
    const files = await OutputFiles.make(attempt);
    try {
      return this.#follow(attempt, files, await this.#gathering.add(attempt));
    } catch (cause) {
      await files.remove();
      throw cause;
    }
  }

  async adopt(attempt: AttemptToRun, handle: string): Promise<RunningAttempt | undefined> {
    const job = await this.#watch.job(handle).catch(refused);
    // Numbers begin anew where a cluster was set up again.
    if (job === undefined || !isOf(attempt, handle, job)) return undefined;
    const files = await OutputFiles.open(attempt).catch(() => undefined);
    if (files === undefined) {
      await this.reap(attempt);
      return undefined;
    }
    return this.#follow(attempt, files, handle);
  }

  async reap(attempt: Pick<AttemptToRun, 'jobId' | 'number'>): Promise<void> {
    for (let tries = 0; tries < REAP_TRIES; tries += 1) {
      const alive = await this.#marked(jobMark(attempt));
      if (alive.length === 0) return;
      await this.#cancel(
        alive.filter(({ state }) => hasBegun(state)),
        '--signal=KILL',
        '--full',
      );
      await this.#cancel(alive);
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

  /** Jobs, and tasks, of that mark that have not ended. */
  async #marked(mark: string): Promise<QueuedJob[]> {
    const queue = await this.#watch.queue().catch(refused);
    return queue.filter((one) => one.mark === mark && !isOver(one.state));
  }

  /** Options only for what has begun: scancel would end all tasks of an array that wait with it. */
  async #cancel(jobs: readonly QueuedJob[], ...options: string[]): Promise<void> {
    if (jobs.length === 0) return;
    await this.#commands.run('scancel', ['--quiet', ...options, ...jobs.map(({ id }) => id)]).catch(unlessSilent);
  }
}

/** Accounting knows no comments: there a task is known by its array's name and its number. */
function isOf(attempt: AttemptToRun, handle: string, job: SlurmJob): boolean {
  const mark = markAt(handle, job);
  return mark === undefined ? job.name === attempt.array?.arrayId : mark === jobMark(attempt);
}

/** Indexes end below it. */
function arrayBound(configuration: string): number {
  const [, bound = '1'] = /^MaxArraySize\s*= (\d+)/m.exec(configuration) ?? [];
  return Number(bound);
}

function notesOf(memory: boolean, tracked: boolean): string[] {
  const notes = ['Jobs run as the worker’s own user; their folders must have the same path on the nodes.'];
  if (!memory) notes.push('Memory is not held: ConstrainRAMSpace=yes in cgroup.conf; jobs are refused until then.');
  if (!tracked) notes.push('Processes that a job detaches may outlive it: ProctrackType=proctrack/cgroup ends them.');
  return notes;
}
