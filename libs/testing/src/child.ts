// A child process of a test: started with a clean environment, watched, and stopped by its own id. Never by name.
import { type ChildProcess, spawn } from 'node:child_process';

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Longer than any process of the lab drains, on a busy machine too. */
const STOP_MS = 60_000;

export class Child implements AsyncDisposable {
  #output = '';
  readonly #process: ChildProcess;
  readonly #exited: Promise<number | null>;

  constructor(private readonly options: ChildOptions) {
    const { PATH = '', HOME = '' } = process.env;
    this.#process = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: { PATH, HOME, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString('utf8')));
    this.#exited = new Promise((resolve) => {
      this.#process.once('exit', (code) => resolve(code));
      this.#process.once('error', (error) => {
        this.#output += error.message;
        resolve(null);
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Everything written to standard output and error so far. */
  get output(): string {
    return this.#output;
  }

  /** Exit code; null when a signal ended it. */
  get exited(): Promise<number | null> {
    return this.#exited;
  }

  /** Resolves when `check` holds; rejects with the output when the process ends or the time is over. */
  async until(check: () => Promise<boolean> | boolean, timeoutMs = 240_000): Promise<void> {
    let ended = false;
    void this.#exited.then(() => {
      ended = true;
    });
    for (const over = Date.now() + timeoutMs; Date.now() < over; ) {
      if (await Promise.resolve(check()).catch(() => false)) return;
      if (ended) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(
      `${this.options.command} ${this.options.args.join(' ')} ${ended ? 'ended' : 'was not ready in time'}:\n${this.#output.slice(-4_000)}`,
    );
  }

  /** Ends it at once, as a crash would. */
  async crash(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  /** Asks it to stop; ends it when it does not within a minute. */
  async stop(): Promise<number | null> {
    this.#process.kill('SIGTERM');
    const force = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS);
    const code = await this.#exited;
    clearTimeout(force);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
