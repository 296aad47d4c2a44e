// Looks at Slurm's queue for all jobs of this worker at once, and only while it has some there. A controller that does not answer is
// asked again: its jobs run on without it.
import { AppError } from '@labmesh/contracts';
import { type SlurmCommands, SlurmRefusal } from './slurm-commands.js';
import { hasBegun, isOver, parseAccounted, parseShown, type SlurmJob } from './slurm-states.js';

interface Watched {
  readonly began: () => void;
  /** Undefined: Slurm no longer knows of it. */
  readonly over: (job: SlurmJob | undefined) => void;
}

export class SlurmWatch {
  readonly #jobs = new Map<string, Watched>();
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
    try {
      const states = await this.states();
      for (const [id, watched] of [...this.#jobs]) {
        const state = states.get(id);
        if (state !== undefined && hasBegun(state)) watched.began();
        if (state !== undefined && !isOver(state)) continue;
        const job = await this.job(id);
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

  /** Of all jobs of this user that Slurm still has in mind. */
  async states(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.commands.run('squeue', ['--noheader', '--me', '--states=all', '--format=%i|%T']);
    return new Map(rows.split('\n').map((row) => row.split('|') as [string, string]));
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

function unknown(cause: unknown): undefined {
  if (!(cause instanceof SlurmRefusal)) throw cause;
  return undefined;
}
