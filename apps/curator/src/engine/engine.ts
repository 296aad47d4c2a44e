// The data engine: processes that run DuckDB, started when there is work and ended when there is none for a while.
// Tasks wait in turns; one that takes too long, too much memory or goes astray ends its process and nothing else.
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { EngineProcess } from './engine-process.js';
import { EngineSession } from './engine-session.js';
import { FairQueue } from './fair-queue.js';

export interface EngineTask {
  /** Whose turn it takes: a wallet. */
  readonly who: string;
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Files outside of its folder that it may read. */
  readonly files?: readonly string[];
  readonly memory?: string;
  readonly threads?: number;
}

type Work<T> = (session: EngineSession) => Promise<T>;

interface Turn {
  readonly begin: (process: EngineProcess) => void;
  readonly refuse: (why: AppError) => void;
}

const PROCESSES_MAX = 2;
const WAITING_MAX = 200;
const IDLE_MS = 20_000;
/** How long an interrupted task has to stop by itself. */
const GRACE_MS = 1_000;
const MEMORY = '256MB';

export class Engine {
  readonly #idle = new Map<EngineProcess, NodeJS.Timeout>();
  readonly #busy = new Set<EngineProcess>();
  readonly #waiting = new FairQueue<Turn>();
  #root: Promise<string> | undefined;

  /** The folder of everything that the engine keeps, gone when it is closed. */
  root(): Promise<string> {
    this.#root ??= makeRoot().catch((thrown: unknown) => {
      this.#root = undefined;
      throw thrown;
    });
    return this.#root;
  }

  /** Process ids, for tests and logs. */
  get pids(): number[] {
    return [...this.#busy, ...this.#idle.keys()].flatMap(({ pid }) => pid ?? []);
  }

  /**
   * Runs one task when it is its turn, with a folder of its own.
   * @throws AppError deadline_exceeded after limitMs of work, cancelled by the signal, rate_limited when too many wait;
   *   EngineEnded when its process ends otherwise; and what the task throws.
   */
  async run<T>(task: EngineTask, work: Work<T>): Promise<T> {
    const root = await this.root();
    const process = await this.#turn(task, root);
    const folder = join(root, randomUUID());
    try {
      await mkdir(join(folder, 'spill'), { recursive: true, mode: 0o700 });
      return await bounded(process, task, () => inSession(new EngineSession(process, folder), { process, task, work }));
    } finally {
      this.#giveBack(process, root);
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Ends all processes and removes the folder. A later task begins anew. */
  async close(): Promise<void> {
    const root = this.#root;
    this.#root = undefined;
    for (let turn = this.#waiting.take(); turn !== undefined; turn = this.#waiting.take())
      turn.refuse(new AppError('unavailable', 'The work on the data did not begin: the Curator is stopping.'));
    const processes = [...this.#busy, ...this.#idle.keys()];
    for (const timer of this.#idle.values()) clearTimeout(timer);
    this.#idle.clear();
    await Promise.all(processes.map((process) => process.end()));
    if (root !== undefined) await rm(await root, { recursive: true, force: true });
  }

  #turn({ who, signal }: EngineTask, root: string): Promise<EngineProcess> {
    if (signal?.aborted === true) return Promise.reject(cancelled());
    const free = this.#free(root);
    if (free !== undefined) return Promise.resolve(free);
    if (this.#waiting.size >= WAITING_MAX) {
      return Promise.reject(
        new AppError('rate_limited', 'Cannot work on the data now: too much is waiting. Try again in a minute.'),
      );
    }
    return new Promise((resolve, reject) => {
      const turn: Turn = {
        begin: (process) => {
          signal?.removeEventListener('abort', leave);
          resolve(process);
        },
        refuse: reject,
      };
      const leave = (): void => {
        this.#waiting.remove(who, turn);
        reject(cancelled());
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.add(who, turn);
    });
  }

  #free(root: string): EngineProcess | undefined {
    for (const [process, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(process);
      if (process.alive) return this.#occupied(process);
    }
    return this.#busy.size < PROCESSES_MAX ? this.#occupied(new EngineProcess(root)) : undefined;
  }

  #occupied(process: EngineProcess): EngineProcess {
    this.#busy.add(process);
    process.hold();
    return process;
  }

  #giveBack(process: EngineProcess, root: string): void {
    this.#busy.delete(process);
    process.release();
    const next = this.#waiting.take();
    if (next !== undefined) next.begin(this.#occupied(process.alive ? process : new EngineProcess(root)));
    else if (process.alive) this.#idle.set(process, this.#endLater(process));
  }

  #endLater(process: EngineProcess): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#idle.delete(process);
      process.kill('crashed');
    }, IDLE_MS);
    return timer.unref();
  }
}

async function makeRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'labmesh-curator-'));
  await chmod(root, 0o700);
  return root;
}

async function inSession<T>(
  session: EngineSession,
  { process, task, work }: { process: EngineProcess; task: EngineTask; work: Work<T> },
): Promise<T> {
  const { files = [], memory = MEMORY, threads = 1 } = task;
  await process.ask('open', { folder: session.folder, files, memory, threads });
  try {
    return await work(session);
  } finally {
    // One that does not even close is of no more use.
    await process.ask('close').catch(() => process.kill('crashed'));
  }
}

/** Stops it when its time is up or nobody waits any more: asks DuckDB first, and ends the process when that does not help. */
async function bounded<T>(process: EngineProcess, task: EngineTask, work: () => Promise<T>): Promise<T> {
  const { limitMs, signal } = task;
  let stopped: AppError | undefined;
  let grace: NodeJS.Timeout | undefined;
  const stop = (why: AppError): void => {
    if (stopped !== undefined) return;
    stopped = why;
    process.interrupt();
    grace = setTimeout(() => process.kill('time'), GRACE_MS);
  };
  const limit = setTimeout(() => stop(tooLong(limitMs)), limitMs);
  const abort = (): void => stop(cancelled());
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    return await work();
  } catch (thrown) {
    // What failed because it was stopped says so.
    throw stopped ?? thrown;
  } finally {
    clearTimeout(limit);
    clearTimeout(grace);
    signal?.removeEventListener('abort', abort);
  }
}

const cancelled = (): AppError => new AppError('cancelled', 'The work on the data was stopped: nobody waits for it.');

const tooLong = (limitMs: number): AppError =>
  new AppError(
    'deadline_exceeded',
    `Cannot finish within ${limitMs} ms: the work was stopped. Ask for less, or allow more time where the tool lets you.`,
  );

/** Where it is injected: the same one. */
export const ENGINE = Symbol('ENGINE');

/** The one of this process. It starts nothing before it is asked. */
export const engine = new Engine();
