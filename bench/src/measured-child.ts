// A server under measurement, in its own process, that tells its CPU time and memory when asked.
import { type ChildProcess, fork } from 'node:child_process';

export interface Usage {
  /** User and system time of all its threads so far, microseconds. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
  /** Used heap, where the process itself tells it; after a collection when it was started with --expose-gc. */
  readonly heapBytes?: number;
}

const START_MS = 60_000;
const STOP_MS = 5_000;

export class MeasuredChild<Ready> {
  private constructor(
    private readonly child: ChildProcess,
    /** What the child sent when it was ready. */
    readonly ready: Ready,
  ) {}

  /** Starts `script` and waits for its first message. */
  static async start<Ready>(
    script: URL,
    env: Readonly<Record<string, string>> = {},
    execArgv: readonly string[] = [],
  ): Promise<MeasuredChild<Ready>> {
    const { PATH = '', HOME = '' } = process.env;
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    const child = fork(script, { env: { PATH, HOME, ...env }, stdio: [...stdio], execArgv: [...execArgv] });
    const ready = await new Promise<Ready>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${script.pathname} was not ready in time`)), START_MS);
      child.once('message', (message) => {
        clearTimeout(late);
        resolve(message as Ready);
      });
      child.once('exit', (code) => reject(new Error(`${script.pathname} ended with ${code}`)));
    });
    return new MeasuredChild(child, ready);
  }

  usage(): Promise<Usage> {
    return new Promise((resolve) => {
      this.child.once('message', (message) => resolve(message as Usage));
      this.child.send('usage');
    });
  }

  /** Asks it to end; after `boundMs` it is ended. Stopping twice is stopping once. */
  async stop(boundMs = STOP_MS): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.child.kill('SIGKILL'), boundMs);
    await exited;
    clearTimeout(force);
  }
}

/** In the child: says it is ready, then answers `usage`. */
export function serveUsage(ready: unknown): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    global.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    process.send?.({ cpuMicros: user + system, rssBytes: rss, heapBytes: heapUsed } satisfies Usage);
  });
  process.send?.(ready);
}
