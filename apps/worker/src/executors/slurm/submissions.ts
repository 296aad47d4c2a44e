// Hands attempts over to Slurm: several of an array by one sbatch, and singly where that is refused, so that each hears of itself
// alone. A controller that took them and could not say so is asked what it has.
import { type AttemptToRun, jobMark } from '@labmesh/jobs';
import { batchScript, submitOptions } from './batch-script.js';
import { jobNumberOf, taskHandle } from './job-marks.js';
import { isSilent, refused, type SlurmCommands, SlurmRefusal } from './slurm-commands.js';
import type { SlurmSettings } from './slurm-settings.js';
import type { SlurmWatch } from './slurm-watch.js';

export class Submissions {
  constructor(
    private readonly slurm: { readonly commands: SlurmCommands; readonly watch: SlurmWatch },
    private readonly settings: SlurmSettings,
  ) {}

  /** Of each its handle, in their order. Each rejects for itself. */
  submit(attempts: readonly AttemptToRun[]): readonly Promise<string>[] {
    if (attempts.length === 1) return attempts.map((one) => this.#alone(one));
    const arrayJob = this.#together(attempts);
    return attempts.map(async (one, task) => {
      const id = await arrayJob;
      return id === undefined ? this.#alone(one) : taskHandle(id, task);
    });
  }

  async #alone(attempt: AttemptToRun): Promise<string> {
    return this.#sbatch([attempt]).catch(refused);
  }

  /** Undefined when Slurm said no: one of them may be why. */
  async #together(attempts: readonly AttemptToRun[]): Promise<string | undefined> {
    return this.#sbatch(attempts).catch((cause: unknown) => {
      if (cause instanceof SlurmRefusal) return undefined;
      throw cause;
    });
  }

  /** The job's number, or the array's. @throws SlurmRefusal, AppError unavailable */
  async #sbatch(attempts: readonly AttemptToRun[]): Promise<string> {
    const script = batchScript(attempts, this.settings);
    try {
      const answer = await this.slurm.commands.run('sbatch', submitOptions(attempts, this.settings), script);
      // number;cluster
      return answer.trim().split(';')[0] ?? '';
    } catch (cause) {
      if (!isSilent(cause)) throw cause;
      const marks = new Set(attempts.map(jobMark));
      // Also what has ended by now: it was taken.
      const queue = await this.slurm.watch.queue().catch(() => []);
      const taken = queue.find(({ mark = '' }) => marks.has(mark));
      if (taken === undefined) throw cause;
      return jobNumberOf(taken.id);
    }
  }
}
