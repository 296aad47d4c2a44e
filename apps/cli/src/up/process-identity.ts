// Which process is meant: its id alone may be another's by now, so when it began is part of it. No process is ever ended here
// whose beginning is not the one that was written down.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;
/** After a process was killed. */
const GONE_WITHIN_MS = 5_000;

export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, as the system says it. */
  readonly birth: string;
}

/** Undefined for a process that is not there any more. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const birth = birthOf(pid);
  return birth === undefined ? undefined : { pid, birth };
}

/** Is there a process with this id, whichever it is? */
export const isRunning = (pid: number): boolean => birthOf(pid) !== undefined;

export const isAlive = ({ pid, birth }: ProcessIdentity): boolean => birthOf(pid) === birth;

/** Asks all to stop, waits, and ends those that did not. */
export async function endAll(processes: readonly ProcessIdentity[], graceMs: number): Promise<void> {
  signal(processes, 'SIGTERM');
  if (await gone(processes, graceMs)) return;
  signal(processes, 'SIGKILL');
  await gone(processes, GONE_WITHIN_MS);
}

function signal(processes: readonly ProcessIdentity[], name: NodeJS.Signals): void {
  for (const one of processes.filter(isAlive)) {
    try {
      process.kill(one.pid, name);
    } catch (thrown) {
      // It ended a moment ago.
      if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
    }
  }
}

/** Whether all are gone in time. */
export async function gone(processes: readonly ProcessIdentity[], limitMs: number): Promise<boolean> {
  for (const giveUpAt = performance.now() + limitMs; processes.some(isAlive); await pause(LOOK_EVERY_MS))
    if (performance.now() >= giveUpAt) return false;
  return true;
}

function birthOf(pid: number): string | undefined {
  try {
    // Behind the name, which may hold spaces and brackets: state, and as the 20th the tick at which it began.
    const [state, ...rest] = afterName(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    // A zombie has ended; whoever began it has not asked yet.
    return state === 'Z' || state === 'X' ? undefined : `${boot()}/${rest[18]}`;
  } catch {
    return process.platform === 'linux' ? undefined : toldByPs(pid);
  }
}

const afterName = (line: string): string[] => line.slice(line.lastIndexOf(')') + 2).split(' ');
const boot = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

function toldByPs(pid: number): string | undefined {
  try {
    const told = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
    return told === '' ? undefined : told;
  } catch {
    return undefined;
  }
}
