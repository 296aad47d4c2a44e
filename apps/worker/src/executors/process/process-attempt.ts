// One attempt that runs as processes: its output, its limits, its end. When it ends, nothing of it runs any more.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@labmesh/contracts';
import type { AttemptEnd, AttemptLog, RunningAttempt, Usage } from '@labmesh/jobs';
import type { ControlGroup } from './cgroup.js';
import { endProcesses } from './end-processes.js';
import type { Keeper } from './keeper.js';
import type { JobProcess } from './launcher.js';
import { pour } from './output.js';
import { hasChild } from './process-table.js';
import { Watch, type Watched } from './watch.js';

export interface Started {
  readonly child: JobProcess;
  readonly handle: string;
  readonly keeper?: Keeper | undefined;
  readonly group?: ControlGroup | undefined;
  readonly watched: Watched;
  readonly log: AttemptLog;
}

type Reason = NonNullable<AttemptEnd['reason']>;

/** After everything of it was ended, its output can only be held open by what nobody can find. */
const OUTPUT_WITHIN_MS = 5_000;
const ENTERS_WITHIN_MS = 2_000;
const ENTER_LOOK_MS = 2;

export class ProcessAttempt implements RunningAttempt {
  readonly handle: string;
  readonly ended: Promise<AttemptEnd>;
  readonly #watch: Watch;
  #stopped: { readonly reason: Reason; readonly message: string | null } | undefined;
  #isOver = false;

  constructor(private readonly started: Started) {
    this.handle = started.handle;
    this.#watch = new Watch(started.watched, (what, text) => this.#stop(what, text));
    this.#watch.begin();
    this.ended = this.#run();
  }

  usage(): Promise<Usage> {
    return this.#watch.usage();
  }

  async terminate(): Promise<void> {
    if (this.#isOver) return;
    const { keeper, child } = this.started;
    if (keeper === undefined) return signalGroup(child.pid, 'SIGTERM');
    // What has not entered yet would not hear of it.
    for (let waited = 0; waited < ENTERS_WITHIN_MS && !this.#isOver && !hasEntered(child); waited += ENTER_LOOK_MS)
      await pause(ENTER_LOOK_MS);
    keeper.signal('TERM');
  }

  async kill(): Promise<void> {
    if (this.#isOver) return;
    signalGroup(this.started.child.pid, 'SIGKILL');
    await this.started.keeper?.end();
  }

  #stop(reason: Reason, message: string | null): void {
    if (this.#stopped !== undefined || this.#isOver) return;
    this.#stopped = { reason, message };
    void this.kill();
  }

  async #run(): Promise<AttemptEnd> {
    const { child, log } = this.started;
    const failed = (error: unknown): void => {
      const isTooLarge = error instanceof AppError && error.code === 'too_large';
      this.#stop(isTooLarge ? 'log_size' : 'worker_lost', error instanceof Error ? error.message : String(error));
    };
    const output = Promise.all([
      pour(child.stdout, 'stdout', { log, failed }),
      pour(child.stderr, 'stderr', { log, failed }),
    ]);
    const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    this.#isOver = true;
    this.#watch.stop();
    const usage = await this.#watch.usage();
    const kernel = await this.#watch.kernelSaid();
    await this.#endRest();
    await Promise.race([output, pause(OUTPUT_WITHIN_MS, undefined, { ref: false })]);
    child.stdout.destroy();
    child.stderr.destroy();
    await output;
    return { exitCode, signal, usage, ...this.#reason(exitCode, signal, kernel) };
  }

  #reason(
    exitCode: number | null,
    signal: NodeJS.Signals | null,
    { memoryKills, refusedForks }: { readonly memoryKills: number; readonly refusedForks: number },
  ): Pick<AttemptEnd, 'reason' | 'message'> {
    const { bounds } = this.started.watched;
    if (this.#stopped !== undefined) return this.#stopped;
    if (exitCode === 0) return { reason: null, message: null };
    if (memoryKills > 0)
      return {
        reason: 'memory',
        message: 'The kernel ended it for want of memory. Ask for more with resources.memoryMb.',
      };
    if (signal === 'SIGXFSZ')
      return { reason: 'disk', message: 'A file of it grew beyond resources.diskMb. Ask for more.' };
    if (refusedForks > 0 || this.#watch.hadAllProcesses)
      return {
        reason: 'processes',
        message: `It wanted more than the ${bounds.processes} processes that a job may have.`,
      };
    return { reason: null, message: null };
  }

  async #endRest(): Promise<void> {
    const { keeper, group, watched, child } = this.started;
    await keeper?.end();
    // With a namespace of its own the kernel has ended all of it by now.
    if (keeper === undefined || watched.belonging.keeper === undefined) {
      signalGroup(child.pid, 'SIGKILL');
      await endProcesses({ belonging: watched.belonging, group });
    }
    await group?.remove();
  }
}

const hasEntered = (child: JobProcess): boolean => child.pid === undefined || hasChild(child.pid);

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended.
  }
}
