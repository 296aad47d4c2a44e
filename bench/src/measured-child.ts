// A server under measurement, in its own process, that tells its CPU time and memory when asked.
import { type ChildProcess, fork } from 'node:child_process';

export interface Usage {
  /** User and system time of all its threads so far, microseconds. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

const START_MS = 60_000;

export class MeasuredChild<Ready> {
  private constructor(
    private readonly child: ChildProcess,
    /** What the child sent when it was ready. */
    readonly ready: Ready,
  ) {}

  /** Starts `script` and waits for its first message. */
  static async start<Ready>(script: URL, env: Readonly<Record<string, string>> = {}): Promise<MeasuredChild<Ready>> {
    const { PATH = '', HOME = '' } = process.env;
    const child = fork(script, { env: { PATH, HOME, ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
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

  async stop(): Promise<void> {
    const exited = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await exited;
    clearTimeout(force);
  }
}

/** In the child: says it is ready, then answers `usage`. */
export function serveUsage(ready: unknown): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() } satisfies Usage);
  });
  process.send?.(ready);
}
