// One process that runs DuckDB, seen from the outside: asked one thing at a time, ended when it must be. Its program is in worker/engine.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type EndReason, EngineEnded, EngineError } from './engine-errors.js';

const PROGRAM = fileURLToPath(new URL('../../worker/engine/main.mjs', import.meta.url));
/** Most memory of the whole process, bytes: DuckDB's own limit does not count all that it holds. */
export const RSS_MAX = 640 * 1024 * 1024;
/** For what the program itself does in JavaScript. */
const HEAP_MAX_MB = 192;
const LOG_LENGTH_MAX = 2_000;

/** How far a long operation is, bytes. */
export interface Told {
  readonly done: number;
  readonly total: number;
}

interface Reply {
  readonly id: number;
  /** It has passed its memory, and ends itself. */
  readonly outOfMemory?: true;
  readonly told?: Told;
  readonly answer?: unknown;
  readonly problem?: string;
}

interface Waiting {
  readonly id: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: Error) => void;
}

export class EngineProcess {
  readonly #child: ChildProcess;
  #waiting: Waiting | undefined;
  #last = 0;
  #ended: EngineEnded | undefined;
  #why: EndReason | undefined;
  /** The end of what it printed, for the reason of a crash. */
  #printed = '';
  /** Hears how far the operation at work is. */
  onTold: ((told: Told) => void) | undefined;

  /** @param root the folder that it removes when the Curator is gone */
  constructor(root: string) {
    // Nothing of the Curator's settings and secrets is in its environment.
    this.#child = fork(PROGRAM, [root, String(RSS_MAX)], {
      cwd: root,
      env: {},
      execArgv: [`--max-old-space-size=${HEAP_MAX_MB}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (part: Buffer) => {
      this.#printed = `${this.#printed}${part.toString()}`.slice(-LOG_LENGTH_MAX);
    });
    this.#child.on('message', (reply: Reply) => this.#answer(reply));
    this.#child.on('error', (error) => this.#end(`it could not be started (${error.message})`));
    // Not at its exit: what it printed last comes afterwards.
    this.#child.on('close', (code, signal) => this.#exit(code, signal));
    this.release();
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** @throws EngineError with what DuckDB says, EngineEnded when the process ends before it answers. */
  ask(operation: string, task: object = {}): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting = { id, resolve, reject };
      this.#child.send({ ...task, id, operation }, (error) => {
        if (error !== null) this.#end(`it cannot be reached (${error.message})`);
      });
    });
  }

  /** Asks DuckDB to stop. Not everything that it does listens. */
  interrupt(): void {
    if (this.alive && this.#child.connected) this.#child.send({ operation: 'interrupt' }, () => undefined);
  }

  kill(why: EndReason): void {
    this.#why ??= why;
    this.#child.kill('SIGKILL');
  }

  /** Ends it and waits until it is gone. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    const exit = once(this.#child, 'exit');
    this.#child.ref();
    this.kill('crashed');
    await exit;
  }

  /** While it works it keeps the Curator alive, and never otherwise. */
  hold(): void {
    this.#child.ref();
    this.#child.channel?.ref();
  }

  release(): void {
    this.#child.unref();
    this.#child.channel?.unref();
    (this.#child.stderr as { unref?: () => void } | null)?.unref?.();
  }

  #answer({ id, answer, problem, told, outOfMemory }: Reply): void {
    if (outOfMemory === true) this.kill('memory');
    if (told !== undefined) {
      this.onTold?.(told);
      return;
    }
    const waiting = this.#waiting;
    if (waiting?.id !== id) return;
    this.#waiting = undefined;
    if (problem === undefined) waiting.resolve(answer);
    else waiting.reject(new EngineError(problem));
  }

  #exit(code: number | null, signal: string | null): void {
    const outOfHeap = this.#printed.includes('heap out of memory');
    if (outOfHeap) this.#why ??= 'memory';
    this.#end(`${signal ?? `exit code ${code}`}${this.#printed === '' ? '' : `, ${this.#printed.trim()}`}`);
  }

  #end(detail: string): void {
    this.#ended ??= new EngineEnded(this.#why ?? 'crashed', detail);
    this.#waiting?.reject(this.#ended);
    this.#waiting = undefined;
  }
}
