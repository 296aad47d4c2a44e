// One attempt in Slurm's queue or on its nodes: its end, what it used, and how it is ended.
import type { AttemptToRun, Usage } from '@labmesh/jobs';
import { type EngineAttempt, type EngineEnd, gpuMs, NOTHING_USED } from '../followed-attempt.js';
import { type SlurmCommands, SlurmRefusal, unlessSilent } from './slurm-commands.js';
import { endOf, hasBegun, type SlurmJob } from './slurm-states.js';
import type { SlurmWatch } from './slurm-watch.js';

export class RunningJob implements EngineAttempt {
  readonly began: Promise<void>;
  readonly #over: Promise<SlurmJob | undefined>;
  #startedAtMs: number | undefined;
  #endedAtMs: number | undefined;
  /** By which sstat asks: of tasks it knows no other. */
  #number: string | undefined;
  #used = NOTHING_USED;
  #ours = false;

  constructor(
    readonly handle: string,
    private readonly attempt: AttemptToRun,
    private readonly slurm: { readonly commands: SlurmCommands; readonly watch: SlurmWatch },
  ) {
    let begun = (): void => undefined;
    this.began = new Promise((resolve) => {
      begun = resolve;
    });
    this.#over = new Promise((resolve) => {
      slurm.watch.watch(handle, {
        began: (number) => {
          this.#number = number;
          this.#startedAtMs ??= Date.now();
          begun();
        },
        over: (job) => {
          begun();
          resolve(job);
        },
      });
    });
  }

  async ended(signal: AbortSignal): Promise<EngineEnd> {
    const left = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        this.slurm.watch.forget(this.handle);
        reject(signal.reason as Error);
      });
    });
    const job = await Promise.race([this.#over, left]);
    // A task that never began leaves no trace.
    if (job === undefined && this.#ours && this.#number === undefined)
      return endOf({ state: 'CANCELLED', exitCode: '0:0' }, true);
    if (job === undefined)
      throw new Error('it ended longer ago than Slurm remembers, and the cluster keeps no accounts');
    this.#startedAtMs = job.startedAtMs ?? this.#startedAtMs;
    this.#endedAtMs = job.endedAtMs ?? Date.now();
    return endOf(job, this.#ours);
  }

  /** Of its running processes, by sstat; the last figures it had, where a cluster does not gather them or it has ended. */
  async usage(): Promise<Usage> {
    if (this.#endedAtMs === undefined && this.#number !== undefined) {
      const args = [`--jobs=${this.#number}.batch`, '--noheader', '--parsable2', '--format=AveCPU,MaxRSS'];
      const row = await this.slurm.commands.run('sstat', args).catch(() => '');
      const [cpu = '', memory = ''] = row.trim().split('|');
      const memoryBytes = bytes(memory);
      this.#used = {
        ...this.#used,
        cpuMs: Math.max(this.#used.cpuMs, milliseconds(cpu)),
        memoryBytes,
        memoryPeakBytes: Math.max(this.#used.memoryPeakBytes, memoryBytes),
      };
    }
    const gpus = this.#startedAtMs === undefined ? 0 : gpuMs(this.#gpus(), this.#startedAtMs, this.#endedAtMs);
    return { ...this.#used, gpuMs: gpus };
  }

  /** To the job's own first process. One that still waits is taken out of the queue. */
  async terminate(): Promise<void> {
    this.#ours = true;
    const begun = await this.#hasBegun();
    if (begun !== undefined) await this.#cancel(...(begun ? ['--signal=TERM', '--batch'] : []));
  }

  async kill(): Promise<void> {
    this.#ours = true;
    if (await this.#hasBegun()) await this.#cancel('--signal=KILL', '--full');
    await this.#cancel();
  }

  /** Undefined for what has ended long ago. */
  async #hasBegun(): Promise<boolean | undefined> {
    const state = await this.slurm.watch.state(this.handle).catch(unlessSilent);
    return state === undefined ? undefined : hasBegun(state);
  }

  /** Slurm forgets by itself. */
  remove(): Promise<void> {
    return Promise.resolve();
  }

  /** Never with options for what waits: scancel would then end all tasks that wait with it. */
  async #cancel(...options: string[]): Promise<void> {
    await this.slurm.commands.run('scancel', ['--quiet', ...options, this.handle]).catch((cause: unknown) => {
      // It has ended, or has no process yet.
      if (!(cause instanceof SlurmRefusal)) throw cause;
    });
  }

  /** Slurm chooses which ones: how many is what counts. */
  #gpus(): { gpus: number[] } {
    return { gpus: Array.from({ length: this.attempt.spec.resources.gpus }, (_, index) => index) };
  }
}

/** No job has used more: sstat writes a count without a value as millions of years. */
const DAYS_MAX = 1_000_000;

/** `[days-]hours:minutes:seconds`; 0 for what is no time. */
export function milliseconds(text: string): number {
  const [days = '0', clock = ''] = text.includes('-') ? text.split('-') : ['0', text];
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Number.isFinite(seconds) && Number(days) <= DAYS_MAX
    ? Math.round((Number(days) * 86_400 + seconds) * 1_000)
    : 0;
}

/** `2804K`; 0 for what no machine has, as sstat writes a count without a value. */
export function bytes(text: string): number {
  const [, number = '0', unit = ''] = /^([\d.]+)([KMGT]?)$/.exec(text) ?? [];
  const counted = Math.round(Number(number) * 1024 ** ' KMGT'.indexOf(unit === '' ? ' ' : unit));
  return Number.isSafeInteger(counted) ? counted : 0;
}
