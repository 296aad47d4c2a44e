// A process that is measured from its start to what it says, or to its end. From /proc come its CPU time and memory, where there is one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface Started {
  readonly ms: number;
  /** User and system time of all its threads until then; NaN where the system does not tell. */
  readonly cpuMs: number;
}

/** Linux tells times in ticks of this length, whatever the kernel's own are. */
const TICK_MS = 10;
const STOP_MS = 20_000;

export interface RunningChild extends Started {
  readonly pid: number;
  stop(): Promise<void>;
}

const environment = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, ...env };
};

/** Starts Node with these arguments and resolves as soon as it wrote `text`. Rejects with what it wrote when it ends before. */
export async function startedBy(
  text: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningChild> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      if (said.includes(text)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it said "${text}": ${said}`)));
  });
  const ms = performance.now() - began;
  const pid = child.pid ?? 0;
  return {
    ms,
    cpuMs: cpuMs(pid),
    pid,
    stop: async () => {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(force);
    },
  };
}

/** How long Node runs with these arguments, milliseconds. @throws Error when it does not end with 0 */
export async function toItsEnd(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { env: environment(env), stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  return performance.now() - began;
}

/** User and system time of a process so far, milliseconds. */
export function cpuMs(pid: number): number {
  try {
    // The name stands in brackets and may hold anything: the figures come after the last one.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return Number.NaN;
  }
}

/** Resident set, MB; NaN where the system does not tell. */
export function residentMb(pid: number): number {
  try {
    const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return (Number(kb) * 1_024) / 1e6;
  } catch {
    return Number.NaN;
  }
}
