// One worker: enrolled with a lease on its node, takes attempts and runs them, does what is asked of them, ends what others left.
// When it can't renew its lease, it ends all that it runs before somebody else may have it.
import { rm } from 'node:fs/promises';
import { AppError, type ExecutorKind } from '@labmesh/contracts';
import type {
  AttemptQueues,
  AttemptRows,
  ClaimedAttempt,
  Executor,
  JobNotice,
  PlacedAttempt,
  Taking,
  WorkerRows,
} from '@labmesh/jobs';
import type { Logger } from '@labmesh/runtime';
import type { AttemptParts } from './attempts/attempt-parts.js';
import { AttemptRun } from './attempts/attempt-run.js';
import { Lease } from './lease.js';

export interface WorkerOptions {
  readonly node: string;
  readonly cpuMilli: number;
  readonly memoryMb: number;
  readonly gpus: number;
  readonly leaseMs: number;
  /** While it runs nothing: in one process there is nobody who could take its place. */
  readonly idleLeaseMs: number;
  /** From SIGTERM to SIGKILL, when the worker stops. */
  readonly drainGraceMs: number;
  readonly concurrency: number;
}

export interface WorkerParts {
  /** UUIDv7. */
  readonly workerId: string;
  readonly options: WorkerOptions;
  readonly executors: ReadonlyMap<ExecutorKind, Executor>;
  readonly workers: WorkerRows;
  readonly rows: AttemptRows;
  readonly queues: AttemptQueues;
  readonly tell: (notice: JobNotice) => void;
  readonly log: Logger;
  /** All else that an attempt needs. */
  readonly attempts: Omit<AttemptParts, 'workerId' | 'executor' | 'rows' | 'tell' | 'log'>;
}

const BEATS_A_LEASE = 5;

export class Worker {
  readonly #runs = new Map<string, AttemptRun>();
  readonly #under = new Set<Promise<void>>();
  readonly #taken = new Map<string, Promise<void>>();
  readonly #lease: Lease;
  #taking: Taking | undefined;
  #isStopping = false;
  /** Under way to being claimed. */
  readonly #claiming = new Set<string>();
  #reaping: Promise<void> | undefined;
  #isTidy = false;
  #enrolling: Promise<void> | undefined;

  constructor(private readonly parts: WorkerParts) {
    this.#lease = new Lease({
      enroll: () => this.#enroll(),
      beat: (workerId) => this.#beat(workerId),
      lost: () => this.#loseAll(),
      leaseMs: () => this.#leaseMs,
      beats: BEATS_A_LEASE,
      failed: (error) => parts.log.warn({ err: error }, 'could not renew the lease; it is tried again'),
    });
  }

  get running(): number {
    return this.#runs.size;
  }

  /** Resolves when it is enrolled. @throws whatever the database throws */
  async start(): Promise<void> {
    const { node, concurrency } = this.parts.options;
    await this.#lease.begin();
    if (this.#isStopping) return;
    this.#taking = this.parts.queues.take({ node, concurrency, take: (attempt) => this.#take(attempt) });
    // Its answer tells whether anything waits to be taken, and finds what others left: the queue is not opened for nothing.
    this.#lease.beatNow();
  }

  /** What was told of jobs, by whomever. */
  hear({ kind, node, jobId, attempt: number }: JobNotice): void {
    if (kind === 'placed' && node === this.parts.options.node) {
      // The queue brings it too, a little later, and the sweep what neither of them brought.
      if (number !== undefined) void this.#take({ jobId, number }).catch(() => undefined);
      this.#taking?.poke();
    }
    if (kind === 'cancel' && [...this.#runs.values()].some(({ id }) => id.jobId === jobId)) this.#lease.beatNow();
  }

  /** Takes no more; what runs gets SIGTERM and goes on elsewhere. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const closing = this.#taking?.close();
    for (const run of this.#runs.values())
      void run.leaveOr({ reason: 'drained', graceMs: this.parts.options.drainGraceMs });
    await Promise.all(this.#under);
    await closing;
    await this.#reaping;
    await this.#lease.end();
    await Promise.all([...this.parts.executors.values()].map((executor) => executor.close?.()));
    if (this.#enrolling === undefined) return;
    await this.#enrolling.catch(() => undefined);
    const { workerId } = this.parts;
    await this.parts.workers.retire({ workerId }).catch(() => undefined);
    this.parts.tell({ kind: 'changed', jobId: '', node: this.parts.options.node });
  }

  get #leaseMs(): number {
    const { leaseMs, idleLeaseMs } = this.parts.options;
    return this.#runs.size === 0 ? idleLeaseMs : leaseMs;
  }

  async #enroll(): Promise<string> {
    const { workers, executors, options, tell, workerId } = this.parts;
    const reports = (
      await Promise.all(
        [...executors.values()].map((one) => one.probe().catch((error: unknown) => this.#cannot(one, error))),
      )
    ).flatMap((report) => report ?? []);
    // Looking at the machine takes a while: who stops meanwhile does not wait for it.
    if (this.#isStopping) throw new AppError('cancelled', 'The worker stops before it has begun.');
    const { node, cpuMilli, memoryMb, gpus } = options;
    const enrolled = { workerId, node, cpuMilli, memoryMb, gpus, executors: reports, leaseMs: this.#leaseMs };
    this.#enrolling = workers.enroll(enrolled);
    await this.#enrolling;
    tell({ kind: 'changed', jobId: '', node });
    return workerId;
  }

  #cannot({ kind }: Executor, error: unknown): undefined {
    this.parts.log.info({ executor: kind, why: (error as Error).message }, 'jobs of this kind do not run here');
    return undefined;
  }

  async #beat(workerId: string): Promise<boolean> {
    // What was claimed after it was sent can't be in its answer.
    const known = new Map(this.#runs);
    const claiming = new Set(this.#claiming);
    const { held, placed, attempts } = await this.parts.workers.heartbeat({ workerId, leaseMs: this.#leaseMs });
    if (!held) return false;
    if (placed && !this.#isStopping) this.#taking?.poke();
    const mine = new Set(attempts.map(keyOf));
    for (const [key, run] of known) if (!mine.has(key)) run.lose();
    for (const one of attempts) {
      const run = this.#runs.get(keyOf(one));
      if (run === undefined && !known.has(keyOf(one)) && !claiming.has(keyOf(one))) void this.#disown(one, workerId);
      if (run !== undefined && one.ask !== null)
        run.stop(
          one.ask === 'cancel'
            ? { reason: 'cancelled', graceMs: one.graceMs ?? 0 }
            : { reason: 'drained', graceMs: this.parts.options.drainGraceMs },
        );
    }
    this.#reap();
    return true;
  }

  /** Who brings what is taken already waits for its end. */
  #take(attempt: PlacedAttempt): Promise<void> {
    const key = keyOf(attempt);
    const taken = this.#taken.get(key) ?? this.#takeOnce(attempt).finally(() => this.#taken.delete(key));
    this.#taken.set(key, taken);
    return taken;
  }

  async #takeOnce(attempt: PlacedAttempt): Promise<void> {
    const { workerId } = this.#lease;
    if (workerId === undefined || this.#isStopping) return;
    const key = keyOf(attempt);
    this.#claiming.add(key);
    let under: Promise<void>;
    try {
      const claimed = await this.parts.rows.claim({ ...attempt, workerId });
      if (claimed === undefined) return;
      under = this.#run(claimed, workerId);
    } finally {
      this.#claiming.delete(key);
    }
    this.#under.add(under);
    await under.finally(() => this.#under.delete(under));
  }

  async #run(claimed: ClaimedAttempt, workerId: string, handle?: string): Promise<void> {
    const { executors, rows, tell, log, attempts } = this.parts;
    const executor = executors.get(claimed.spec.executor);
    if (executor === undefined) {
      const message = `This node has no executor ${claimed.spec.executor}.`;
      await rows.end({ ...claimed, workerId, outcome: 'failed', reason: 'start_failed', message });
      return;
    }
    const run = new AttemptRun({ ...attempts, workerId, executor, rows, tell, log }, claimed, handle);
    const key = keyOf(claimed);
    this.#runs.set(key, run);
    if (this.#isStopping) run.stop({ reason: 'drained', graceMs: 0 });
    const over = run.run();
    // From now on the lease is a shorter one. That is not in the way of the attempt's beginning.
    this.#lease.beatSoon();
    await over;
    this.#runs.delete(key);
  }

  /** Takes up what an engine goes on with; false when somebody else has. */
  async #adopted(attempt: PlacedAttempt, handle: string): Promise<boolean> {
    const { workerId } = this.#lease;
    if (workerId === undefined || this.#isStopping) return false;
    const claimed = await this.parts.rows.adopt({ ...attempt, workerId });
    if (claimed === undefined) return false;
    const under = this.#run(claimed, workerId, handle);
    this.#under.add(under);
    void under.finally(() => this.#under.delete(under));
    return true;
  }

  /** Its row says that it is ours and we don't run it: of an earlier lease, or claimed by an answer that never came. */
  async #disown({ jobId, number }: PlacedAttempt, workerId: string): Promise<void> {
    const key = keyOf({ jobId, number });
    if (this.#claiming.has(key)) return;
    this.#claiming.add(key);
    const { rows, executors, attempts, tell, log } = this.parts;
    try {
      for (const executor of executors.values()) await executor.reap({ jobId, number }, null);
      await attempts.logs.recover({ jobId, number });
      const message = 'Its worker lost it.';
      for (const one of await rows.end({ jobId, number, workerId, outcome: 'lost', reason: 'worker_lost', message }))
        tell({ jobId: one.jobId, kind: 'changed' });
    } catch (error) {
      log.warn({ err: error, job: jobId }, 'could not give back what this worker lost; it is tried again');
    } finally {
      this.#claiming.delete(key);
    }
  }

  #loseAll(): Promise<unknown> {
    if (this.#runs.size > 0)
      this.parts.log.warn({ attempts: this.#runs.size }, 'the lease is lost: all that runs is ended');
    for (const run of this.#runs.values()) run.lose();
    return Promise.all(this.#under);
  }

  /** Beside the lease, which goes on meanwhile. */
  #reap(): void {
    this.#reaping ??= this.#reapLeft()
      .catch((error: unknown) => this.parts.log.warn({ err: error }, 'could not look for what other workers left'))
      .finally(() => {
        this.#reaping = undefined;
      });
  }

  /** What workers of this node left that are gone: nothing of it may run when it begins elsewhere. */
  async #reapLeft(): Promise<void> {
    const { workers, rows, executors, attempts, tell, log, options } = this.parts;
    for (const { jobId, number, handle, executor } of await workers.abandoned({ node: options.node })) {
      try {
        if (handle !== null && executor !== 'process' && (await this.#adopted({ jobId, number }, handle))) continue;
        await executors.get(executor)?.reap({ jobId, number }, handle);
        await attempts.logs.recover({ jobId, number });
        await rm(attempts.folderOf({ jobId, number }), { recursive: true, force: true });
        for (const one of await rows.lost({ jobId, number })) tell({ jobId: one.jobId, kind: 'changed' });
      } catch (error) {
        log.warn({ err: error, job: jobId }, 'could not end what another worker left; it is tried again');
      }
    }
    // Once: later nothing is left that is not found by its row.
    if (this.#isTidy) return;
    await attempts.removeLeft((jobIds) => workers.alive(jobIds));
    this.#isTidy = true;
  }
}

const keyOf = ({ jobId, number }: PlacedAttempt): string => `${jobId}.${number}`;
