// One process of the mesh: started, watched until it is ready, started again when it ends, stopped when it is told to.
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, ERROR_CODES, type ErrorCodeName } from '@labmesh/contracts';
import { LogFile } from './log-file.js';
import type { PlannedProcess } from './plan.js';
import { answers, listens, until } from './probe.js';
import { endAll, identityOf } from './process-identity.js';
import type { SupervisedState } from './run-folder.js';

const FIRST_PAUSE_MS = 500;
const PAUSE_MAX_MS = 30_000;
/** A process that ended so often without running well in between is called failing. */
const FAILS_MAX = 3;
/** Ready for so long, and earlier failures are forgotten. */
const WELL_MS = 10_000;
/** A process that is not ready by then hangs. */
const READY_WITHIN_MS = 120_000;
/** As long as a process may take to finish what is under way. */
export const GRACE_MS = 15_000;
const TAIL_LINES = 12;

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where it answers. */
  readonly host: string;
}

export interface Watcher {
  /** The state is another now. */
  changed(): void;
  /** For the person at the terminal. */
  tell(text: string): void;
}

export class Supervised {
  state: SupervisedState;
  readonly #log: LogFile;
  readonly #over = new AbortController();
  #fails = 0;
  #lastLines = '';

  constructor(
    private readonly plan: PlannedProcess,
    private readonly launch: Launch,
    private readonly options: { readonly log: string; readonly watcher: Watcher },
  ) {
    this.#log = new LogFile(options.log);
    this.state = { ...plan, state: 'starting', restarts: 0 };
  }

  /** Resolves when it is ready for the first time; from then on it is kept running. @throws AppError when it does not get so far */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      void this.#keepRunning(resolve).catch(reject);
    });
  }

  /** Else whoever listens there would answer in its place. @throws AppError conflict */
  async assertPortFree(): Promise<void> {
    const { name, port } = this.plan;
    if (await listens(this.launch.host, port))
      throw new AppError(
        'conflict',
        `Cannot start ${name}: another process listens on port ${port}. End it, or choose other ports with --port.`,
      );
  }

  /** Bounds its log; to be called now and then. */
  tidy(): void {
    this.#log.bound();
  }

  /** Lets it finish what is under way, and ends it after that. */
  async stop(): Promise<void> {
    this.#over.abort();
    if (this.state.process !== undefined) await endAll([this.state.process], GRACE_MS);
    this.#set({ state: 'stopped', process: undefined });
  }

  async #keepRunning(firstReady: () => void): Promise<void> {
    let wasReady = false;
    while (!this.#over.signal.aborted) {
      const exit = await this.#runOnce(() => {
        wasReady = true;
        firstReady();
      });
      if (this.#over.signal.aborted) break;
      this.#fails += 1;
      const isHopeless = exit.code === ERROR_CODES.invalid_input.exit;
      if (!wasReady && (isHopeless || this.#fails >= FAILS_MAX)) throw this.#failure(exit);
      const pauseMs = Math.min(PAUSE_MAX_MS, FIRST_PAUSE_MS * 2 ** (this.#fails - 1));
      this.#set({
        state: this.#fails >= FAILS_MAX ? 'failing' : 'restarting',
        process: undefined,
        lastExit: exit.text,
      });
      this.options.watcher.tell(`${this.plan.name} ended (${exit.text}), again in ${pauseMs / 1_000} s`);
      if (this.#fails === FAILS_MAX)
        this.options.watcher.tell(
          `${this.plan.name} ended ${FAILS_MAX} times in a row; its last lines:\n${this.#lastLines}`,
        );
      await pause(pauseMs, undefined, { signal: this.#over.signal }).catch(() => undefined);
      if (!this.#over.signal.aborted) this.#set({ restarts: this.state.restarts + 1 });
    }
    if (!wasReady) throw new AppError('cancelled', `Stopped before ${this.plan.name} was ready.`);
  }

  /** From its start to its end. */
  async #runOnce(onReady: () => void): Promise<{ code: number | null; text: string }> {
    const from = this.#log.size;
    const output = this.#log.open();
    const { command, args, cwd, env } = this.launch;
    // A group of its own: Ctrl-C at the terminal is for the supervisor, which stops them in their order.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    const ended = new Promise<{ code: number | null; text: string }>((resolve) => {
      child.once('exit', (code, signal) =>
        resolve({ code, text: signal === null ? `exit code ${code}` : `${signal}` }),
      );
      child.once('error', (error) => resolve({ code: null, text: error.message }));
    });
    const process = child.pid === undefined ? undefined : identityOf(child.pid);
    this.#set({ state: 'starting', process });
    const over = new AbortController();
    void this.#watch(over.signal, onReady);
    const exit = await ended;
    over.abort();
    this.#lastLines = this.#log.tail(TAIL_LINES, from);
    return exit;
  }

  async #watch(over: AbortSignal, onReady: () => void): Promise<void> {
    const isReady = await until(() => answers(`${this.launch.host}:${this.plan.port}`), READY_WITHIN_MS, over);
    if (over.aborted) return;
    if (!isReady) {
      this.options.watcher.tell(`${this.plan.name} is not ready after ${READY_WITHIN_MS / 1_000} s: it is ended`);
      if (this.state.process !== undefined) await endAll([this.state.process], GRACE_MS);
      return;
    }
    this.#set({ state: 'ready' });
    onReady();
    await pause(WELL_MS, undefined, { signal: over }).then(
      () => {
        this.#fails = 0;
      },
      () => undefined,
    );
  }

  #failure(exit: { code: number | null; text: string }): AppError {
    this.#set({ state: 'failing', process: undefined, lastExit: exit.text });
    return new AppError(
      codeOf(exit.code),
      `Cannot start ${this.plan.name}: it ended ${this.#fails === 1 ? 'at once' : `${this.#fails} times`} (${exit.text}). Its last lines, from ${this.options.log}:\n${this.#lastLines}`,
    );
  }

  #set(change: Partial<SupervisedState>): void {
    this.state = { ...this.state, ...change };
    this.options.watcher.changed();
  }
}

/** The kind of failure that a process of the lab ends with. */
const codeOf = (exit: number | null): ErrorCodeName =>
  (['invalid_input', 'conflict', 'unavailable', 'forbidden'] as const).find(
    (code) => ERROR_CODES[code].exit === exit,
  ) ?? 'internal';
