// Runs one claimed attempt from its first file to its end in the rows. Once it is lost, nothing is written any more.
import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type EndReason, toAppError } from '@labmesh/contracts';
import type { AttemptEnd, AttemptToRun, ClaimedAttempt, EndOfAttempt, RunningAttempt } from '@labmesh/jobs';
import { environmentOf } from './attempt-environment.js';
import { commandOf, newFolder, stageFiles } from './attempt-files.js';
import type { AttemptName, AttemptParts, OpenLog, UsedEnvironment } from './attempt-parts.js';
import { Checkpoints } from './checkpoints.js';
import { outcomeOf, type Stop } from './end-of-attempt.js';
import { folderBytes } from './folder-size.js';
import { watchFolder } from './folder-watch.js';
import { keepArtifacts } from './kept-artifacts.js';
import { UsageRecorder } from './usage-recorder.js';

const MEBIBYTE = 1_024 * 1_024;
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const TIMER_MAX_MS = 2 ** 31 - 1;
/** After its wall time, for a job that still has something to save. */
const WALL_GRACE_MS = 10_000;

export class AttemptRun {
  readonly #stopping = new AbortController();
  #stop: Stop | undefined;
  #isLost = false;
  #running: RunningAttempt | undefined;
  #killing: Promise<void> = Promise.resolve();
  #hasLeft = false;
  #left: () => void = () => undefined;
  readonly #leaving = new Promise<undefined>((resolve) => {
    this.#left = () => resolve(undefined);
  });
  #environment: UsedEnvironment | undefined;
  readonly #over = new AbortController();
  #made: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: AttemptParts,
    private readonly claimed: ClaimedAttempt,
    /** Of what an engine went on with while its worker was gone. */
    private readonly handle?: string | null,
  ) {}

  get id(): AttemptName {
    return this.claimed;
  }

  /** SIGTERM, then SIGKILL. Said again, with less grace, it counts; another reason does not. */
  stop(stop: Stop): void {
    const isFirst = this.#stop === undefined;
    this.#stop ??= stop;
    if (!isFirst && this.#stop.reason !== stop.reason) return;
    if (!isFirst && stop.graceMs >= this.#stop.graceMs) return;
    this.#stop = { ...this.#stop, graceMs: stop.graceMs };
    this.#stopping.abort(new AppError('cancelled', 'The attempt was stopped.'));
    this.#end(stop.graceMs, isFirst);
  }

  /** Leaves it to another worker where its engine goes on with it, else stops it. */
  async leaveOr(stop: Stop): Promise<void> {
    const leave = this.#running?.leave?.bind(this.#running);
    if (leave === undefined || this.#stop !== undefined) return this.stop(stop);
    [this.#isLost, this.#hasLeft] = [true, true];
    await leave();
    this.#left();
  }

  /** Somebody else may have it by now: everything of it is ended at once, and nothing is written. */
  lose(): void {
    this.#isLost = true;
    this.#stopping.abort(new AppError('cancelled', 'The attempt was lost.'));
    void this.#running?.kill();
  }

  /** Resolves when nothing of it runs and its row says so. Never rejects. */
  async run(): Promise<void> {
    const { folderOf, logs, log } = this.parts;
    const folder = folderOf(this.claimed);
    const isNew = this.handle === undefined;
    // Beside its log: both wait for the disk.
    this.#made = isNew ? newFolder(folder) : Promise.resolve();
    this.#made.catch(() => undefined);
    let written: OpenLog | undefined;
    try {
      written = await logs.open(this.claimed, { isNew });
      const end = await this.#attempt(folder, written);
      await written.close();
      if (!this.#isLost && end !== undefined) await this.#tell(end);
    } catch (error) {
      log.error({ err: error, job: this.claimed.jobId }, 'an attempt could not be run');
      await written?.close().catch(() => undefined);
      if (!this.#isLost) await this.#tell(lost(toAppError(error))).catch(() => undefined);
    } finally {
      this.#over.abort();
      await this.#made.catch(() => undefined);
      this.#environment?.[Symbol.dispose]();
      if (!this.#hasLeft) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      // Its other attempts' logs may still lie there.
      await rmdir(dirname(folder)).catch(() => undefined);
    }
  }

  async #attempt(folder: string, log: OpenLog): Promise<Ending | undefined> {
    if (this.handle !== undefined) return this.#adopted(folder, log);
    let prepared: AttemptToRun;
    try {
      await this.#made;
      prepared = await this.#prepare(folder, log);
    } catch (error) {
      return this.#stop === undefined ? failedToBegin(error) : outcomeOf(undefined, this.#stop);
    }
    try {
      await this.parts.executor.refuse(prepared.spec);
      if (this.#stop !== undefined || this.#isLost) return outcomeOf(undefined, this.#stop);
      this.#running = await this.parts.executor.start(prepared);
    } catch (error) {
      return this.#stop === undefined ? failedToBegin(error) : outcomeOf(undefined, this.#stop);
    }
    return this.#watched(prepared, this.#running);
  }

  async #adopted(folder: string, log: OpenLog): Promise<Ending | undefined> {
    const { executor } = this.parts;
    const attempt = this.#toRun(folder, log, []);
    this.#running = await executor.adopt(attempt, this.handle ?? '');
    if (this.#running !== undefined) return this.#watched(attempt, this.#running);
    await executor.reap(attempt, this.handle ?? null);
    return { outcome: 'lost', reason: 'worker_lost', message: 'Its worker is gone, and nothing of it is left.' };
  }

  async #prepare(folder: string, log: OpenLog): Promise<AttemptToRun> {
    const { store, environments } = this.parts;
    const { signal } = this.#stopping;
    await stageFiles(this.claimed, { folder, store, signal }).catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'invalid_input' ? error : new InputFailed(toAppError(error));
    });
    const { requirements = [] } = this.claimed.spec;
    const { jobId, number } = this.claimed;
    if (requirements.length > 0)
      this.#environment = await environments.of(requirements, { attempt: { jobId, number }, log, signal });
    return this.#toRun(folder, log, await commandOf(this.claimed, folder));
  }

  #toRun(folder: string, log: OpenLog, command: readonly string[]): AttemptToRun {
    const { jobId, number, spec, gpus, array } = this.claimed;
    const environment = environmentOf(this.claimed, folder, this.#environment?.folder);
    return { jobId, number, spec, gpus, array, folder, log, command, environment };
  }

  async #watched(prepared: AttemptToRun, running: RunningAttempt): Promise<Ending | undefined> {
    const { spec } = prepared;
    if (this.#isLost) await running.kill();
    else if (this.#stop !== undefined) this.#end(this.#stop.graceMs, true);
    const unwatch = watchFolder(prepared.folder, spec.resources.diskMb * MEBIBYTE, () =>
      this.stop({ reason: 'disk', graceMs: 0 }),
    );
    const checkpoints = this.#checkpoints(prepared);
    checkpoints?.begin();
    const usage = this.#recorder(prepared, running);
    let wall: NodeJS.Timeout | undefined;
    let telling: Promise<void> | undefined;
    // An engine may have a queue of its own: until it runs, no time is counted, and nothing is paid.
    void (running.began ?? Promise.resolve()).then(() => {
      const wallMs = Math.min(spec.resources.wallSeconds * SECOND_MS, TIMER_MAX_MS);
      if (!this.#over.signal.aborted)
        wall = setTimeout(() => this.stop({ reason: 'wall_time', graceMs: WALL_GRACE_MS }), wallMs);
      usage.begin();
      telling = this.#tellBegun(running.handle);
    });
    const end = await Promise.race([running.ended, this.#leaving]);
    clearTimeout(wall);
    unwatch();
    await telling;
    await this.#killing;
    await usage.end();
    if (this.#isLost || end === undefined) return void (await checkpoints?.end(false));
    return this.#keep(prepared, end, checkpoints);
  }

  async #tellBegun(handle: string): Promise<void> {
    const { rows, workerId, log, tell } = this.parts;
    const { jobId, number } = this.claimed;
    const isOurs = await rows.began({ jobId, number, workerId, handle }).catch((error: unknown) => {
      // Without it another worker finds it by its mark; the lease says whether it is still ours.
      log.warn({ err: error, job: jobId }, 'could not tell where an attempt runs');
      return true;
    });
    if (isOurs) tell({ jobId, attempt: number, kind: 'changed' });
    else this.lose();
  }

  /** What it left, before its end is told: whoever hears of the end finds it. */
  async #keep(prepared: AttemptToRun, end: AttemptEnd, checkpoints: Checkpoints | undefined): Promise<Ending> {
    const { folder, spec } = prepared;
    // What was written between two looks counts as well.
    const diskBytes = spec.resources.diskMb * MEBIBYTE;
    if ((await folderBytes(folder, diskBytes)) > diskBytes) this.#stop ??= { reason: 'disk', graceMs: 0 };
    const ending = outcomeOf(end, this.#stop);
    try {
      await checkpoints?.end(end.signal !== 'SIGKILL' && end.reason !== 'memory');
      if (ending.outcome !== 'lost')
        await keepArtifacts(
          { folder: prepared.folder, globs: prepared.spec.artifacts, store: this.parts.store },
          (files) => this.#named('artifact', files),
        );
      return ending;
    } catch (error) {
      const { code, message } = toAppError(error);
      if (code === 'too_large' || code === 'invalid_input')
        return {
          ...ending,
          outcome: ending.outcome === 'succeeded' ? 'failed' : ending.outcome,
          reason: 'disk',
          message,
        };
      return { ...lost(toAppError(error)), usage: end.usage };
    }
  }

  #checkpoints({ folder, spec }: AttemptToRun): Checkpoints | undefined {
    if (spec.checkpoints === undefined) return undefined;
    const { store, log, checkpointEveryMs } = this.parts;
    return new Checkpoints({
      folder,
      within: spec.checkpoints,
      store,
      keep: (files) => this.#named('checkpoint', files),
      failed: (error) =>
        log.warn({ err: error, job: this.claimed.jobId }, 'could not keep a checkpoint; it is tried again'),
      lookEveryMs: checkpointEveryMs,
    });
  }

  #recorder({ gpus }: AttemptToRun, running: RunningAttempt): UsageRecorder {
    const { rows, workerId, tell, log, measureGpus } = this.parts;
    const { jobId, number } = this.claimed;
    return new UsageRecorder({
      ...{ gpus, measureGpus, usage: () => running.usage() },
      keep: async (series) => {
        if (this.#isLost) return;
        await rows.used({ jobId, number, workerId, series });
        tell({ jobId, attempt: number, kind: 'used' });
      },
      failed: (error) => log.warn({ err: error, job: jobId }, 'could not keep what an attempt uses; it is tried again'),
    });
  }

  #named(
    kind: 'artifact' | 'checkpoint',
    files: Parameters<AttemptParts['rows']['keep']>[1]['files'],
  ): Promise<boolean> {
    const { rows, references, workerId } = this.parts;
    const { jobId, number, spec } = this.claimed;
    const remainsMs = kind === 'checkpoint' ? spec.resources.wallSeconds * SECOND_MS : 0;
    const expiresAt = new Date(Date.now() + spec.keepDays * DAY_MS + remainsMs);
    return rows.keep(references, { jobId, number, workerId, kind, files, expiresAt });
  }

  #end(graceMs: number, isFirst: boolean): void {
    const running = this.#running;
    if (running === undefined) return;
    if (isFirst) void running.terminate();
    const over = Promise.race([pause(graceMs, undefined, { ref: false, signal: this.#over.signal }), running.ended]);
    this.#killing = over.then(() => running.kill()).catch(() => undefined);
  }

  /** As long as it takes: whether it is still ours, the lease says. */
  async #tell(ending: Ending): Promise<void> {
    const { rows, workerId, tell, retryMs, log } = this.parts;
    const { jobId, number } = this.claimed;
    for (let waitMs = retryMs; !this.#isLost; waitMs = Math.min(waitMs * 2, WALL_GRACE_MS)) {
      try {
        const changed = await rows.end({ ...ending, jobId, number, workerId });
        for (const one of changed) tell({ jobId: one.jobId, kind: 'changed' });
        return;
      } catch (error) {
        log.warn({ err: error, job: jobId }, 'could not tell the end of an attempt; it is tried again');
        await pause(waitMs, undefined, { ref: false });
      }
    }
  }
}

export type Ending = Omit<EndOfAttempt, 'jobId' | 'number' | 'workerId'>;

/** A file that the lab had and could not give: none of the job's doing. */
class InputFailed extends Error {
  constructor(readonly why: AppError) {
    super(why.message);
  }
}

const lost = ({ message }: AppError): Ending => ({ outcome: 'lost', reason: 'worker_lost', message });

function failedToBegin(error: unknown): Ending {
  if (error instanceof InputFailed)
    return {
      outcome: 'lost',
      reason: 'input_failed',
      message: `A working file could not be fetched: ${error.message}`,
    };
  const { message } = toAppError(error);
  return { outcome: 'failed', reason: 'start_failed' satisfies EndReason, message };
}

export const attemptFolder =
  (jobs: string) =>
  ({ jobId, number }: AttemptName): string =>
    join(jobs, jobId, String(number));
