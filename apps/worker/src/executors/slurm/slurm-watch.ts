// Looks at Slurm's queue for all jobs of this worker at once, and only while it has some there. A controller that does not answer is
// asked again: its jobs run on without it.
import { AppError } from '@labmesh/contracts';
import { type SlurmCommands, SlurmRefusal } from './slurm-commands.js';
import {
  hasBegun,
  isOver,
  parseAccounted,
  parseQueue,
  parseShown,
  QUEUE_FORMAT,
  type QueuedJob,
  type SlurmJob,
} from './slurm-states.js';

interface Watched {
  /** With the number that is its alone: of a task, another than its array's. */
  readonly began: (number: string) => void;
  /** Undefined: Slurm no longer knows of it. */
  readonly over: (job: SlurmJob | undefined) => void;
}

export class SlurmWatch {
  readonly #jobs = new Map<string, Watched>();
  /** What waited at the last look, where that was answered. */
  #waited: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly commands: SlurmCommands,
    private readonly pollMs: number,
  ) {}

  watch(id: string, watched: Watched): void {
    this.#jobs.set(id, watched);
    this.#timer ??= setTimeout(() => void this.#look(), this.pollMs);
  }

  forget(id: string): void {
    this.#jobs.delete(id);
  }

  async #look(): Promise<void> {
    const waited = this.#waited;
    this.#waited = new Set();
    try {
      const states = await this.#states();
      this.#waited = new Set([...states].flatMap(([id, [state = '']]) => (hasBegun(state) ? [] : [id])));
      for (const [id, watched] of [...this.#jobs]) {
        const [state, number] = states.get(id) ?? [];
        if (state !== undefined && hasBegun(state)) watched.began(number ?? id);
        if (state !== undefined && !isOver(state)) continue;
        const job = (await this.job(id)) ?? (waited.has(id) ? cancelled(id) : undefined);
        if (job !== undefined && !isOver(job.state)) continue;
        this.#jobs.delete(id);
        watched.over(job);
      }
    } catch (cause) {
      if (!(cause instanceof AppError) && !(cause instanceof SlurmRefusal)) throw cause;
    } finally {
      this.#timer = this.#jobs.size > 0 ? setTimeout(() => void this.#look(), this.pollMs) : undefined;
    }
  }

  /** Undefined where Slurm has it in mind no more. @throws SlurmRefusal, AppError unavailable */
  async state(id: string): Promise<string | undefined> {
    return (await this.#states()).get(id)?.[0];
  }

  /** Of all jobs of this user that Slurm still has in mind. */
  async #states(): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = (await this.#squeue('%i|%T|%A')).split('\n').map((row) => row.split('|'));
    return new Map(rows.map(([id = '', ...said]) => [id, said]));
  }

  /** The same with the marks: an array's comment is long, and comes with each of its tasks. */
  async queue(): Promise<readonly QueuedJob[]> {
    return parseQueue(await this.#squeue(QUEUE_FORMAT));
  }

  /** Each task of an array by itself, also while Slurm has those that wait as one. */
  #squeue(format: string): Promise<string> {
    return this.commands.run('squeue', ['--noheader', '--me', '--array', '--states=all', `--format=${format}`]);
  }

  /** A job that ended a while ago is known to Slurm's accounting alone, where a cluster has one. */
  async job(id: string): Promise<SlurmJob | undefined> {
    const shown = await this.commands.run('scontrol', ['show', 'job', id, '--oneliner']).catch(unknown);
    if (shown !== undefined) return parseShown(shown);
    const format = '--format=JobIDRaw,JobName,State,ExitCode,Start,End';
    const args = [`--jobs=${id}`, '--allocations', '--noheader', '--parsable2', format];
    return parseAccounted((await this.commands.run('sacct', args).catch(unknown)) ?? '');
  }
}

/** A task that is cancelled before it has begun is forgotten at once: nothing else goes from one look to the next. */
const cancelled = (id: string): SlurmJob => ({
  ...{ id, name: '', comment: '', state: 'CANCELLED', exitCode: '0:0' },
  startedAtMs: undefined,
  endedAtMs: undefined,
});

function unknown(cause: unknown): undefined {
  if (!(cause instanceof SlurmRefusal)) throw cause;
  return undefined;
}
