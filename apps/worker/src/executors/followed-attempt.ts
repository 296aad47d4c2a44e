// An attempt that an engine runs and this worker follows: from the engine's word that it ended, and its output, comes one end.

import { AppError } from '@labmesh/contracts';
import type { AttemptEnd, AttemptLog, AttemptToRun, RunningAttempt, Usage } from '@labmesh/jobs';
import type { Missing, OutputFiles } from './output-files.js';

/** What the engine said of the end. */
export type EngineEnd = Pick<AttemptEnd, 'exitCode' | 'signal' | 'reason' | 'message'>;

/** One attempt at its engine. */
export interface EngineAttempt {
  readonly handle: string;
  /** Where the engine has a queue of its own. */
  readonly began?: Promise<void>;
  /** Resolves when the engine says that nothing of it runs any more. It asks until then; rejects for `signal` alone. */
  ended(signal: AbortSignal): Promise<EngineEnd>;
  /** The last known, once it has ended. */
  usage(): Promise<Usage>;
  terminate(): Promise<void>;
  kill(): Promise<void>;
  /** Takes away what the engine keeps of an attempt that has ended. */
  remove(): Promise<void>;
}

/** What brings an attempt's output to its log. */
export interface Output {
  finish(): Promise<unknown>;
  leave(): Promise<void>;
  /** After the end. @returns what was not there to be started */
  close(): Promise<Missing | undefined>;
}

export const NOTHING_USED: Usage = { cpuMs: 0, gpuMs: 0, memoryBytes: 0, memoryPeakBytes: 0 };

/** GPUs are an attempt's alone: it has used them for as long as it has had them. */
export const gpuMs = ({ gpus }: Pick<AttemptToRun, 'gpus'>, sinceMs: number, untilMs = Date.now()): number =>
  gpus.length * Math.max(0, untilMs - sinceMs);

export class FollowedAttempt implements RunningAttempt {
  readonly handle: string;
  readonly began?: Promise<void>;
  readonly ended: Promise<AttemptEnd>;
  readonly #left = new AbortController();

  constructor(
    private readonly engine: EngineAttempt,
    private readonly output: Output,
  ) {
    this.handle = engine.handle;
    if (engine.began !== undefined) this.began = engine.began;
    this.ended = this.#end();
  }

  usage(): Promise<Usage> {
    return this.engine.usage();
  }

  terminate(): Promise<void> {
    return this.engine.terminate();
  }

  kill(): Promise<void> {
    return this.engine.kill();
  }

  async leave(): Promise<void> {
    this.#left.abort();
    await this.output.leave();
  }

  async #end(): Promise<AttemptEnd> {
    const said = await this.engine.ended(this.#left.signal).catch((cause: unknown) => {
      if (this.#left.signal.aborted) return new Promise<never>(() => undefined);
      return lost(cause);
    });
    const usage = await this.engine.usage().catch(() => NOTHING_USED);
    const refused = await this.output.finish();
    const missing = await this.output.close().catch(() => undefined);
    // What stays behind at an engine that does not answer now is found by its mark when the job is reaped or swept.
    await this.engine.remove().catch(() => undefined);
    if (refused !== undefined) return { ...said, ...logRefused(refused), usage };
    if (missing !== undefined && (said.exitCode ?? 0) > 0) return { ...said, ...notStarted(missing), usage };
    return { ...said, usage };
  }
}

const notStarted = (missing: Missing): Pick<AttemptEnd, 'exitCode' | 'reason' | 'message'> => ({
  exitCode: null,
  reason: 'start_failed',
  message:
    missing === 'program'
      ? 'Cannot start the job: its program is not there. Name one that the image or machine has.'
      : 'Cannot start the job: there is no /bin/sh, which starts its program. Take an image that has one.',
});

const lost = (cause: unknown): EngineEnd => ({
  exitCode: null,
  signal: null,
  reason: 'worker_lost',
  message: `The engine no longer knows of it: ${cause instanceof Error ? cause.message : String(cause)}`,
});

/** A log that is full is the job's doing; one that cannot be written is the lab's. */
function logRefused(cause: unknown): Pick<AttemptEnd, 'reason' | 'message'> {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof AppError && cause.code === 'too_large') return { reason: 'log_size', message };
  return { reason: 'worker_lost', message: `Its log could not be kept: ${message}` };
}

/** Follows files of the job's folder; a log that takes no more ends the attempt. */
export function outputOf(
  files: OutputFiles,
  log: AttemptLog,
  options: { pollMs: number; kill: () => Promise<void> },
): Output {
  const followed = files.follow(log, {
    pollMs: options.pollMs,
    failed: () => void options.kill().catch(() => undefined),
  });
  return {
    finish: () => followed.finish(),
    leave: async () => {
      await followed.leave();
      await files.close();
    },
    close: async () => {
      const missing = await files.missing();
      await files.remove();
      return missing;
    },
  };
}
