// Ends all processes of an attempt, those that come up meanwhile too. It never ends one that isn't the attempt's.
import { setTimeout as pause } from 'node:timers/promises';
import type { ControlGroup } from './cgroup.js';
import { type Belonging, belonging, type SeenProcess, seen } from './process-table.js';

export interface Ending {
  readonly belonging: Belonging;
  readonly group?: ControlGroup | undefined;
}

const ROUNDS_MAX = 500;
const PAUSE_MS = 10;

/** Resolves when nothing of it runs. @throws Error when something can't be ended, such as one that waits for a broken disk */
export async function endProcesses({ belonging: which, group }: Ending): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const members = (await group?.members()) ?? [];
    const left = [...belonging(which), ...members.flatMap((pid) => seen(pid) ?? [])].filter(
      ({ pid }) => pid !== process.pid,
    );
    if (left.length === 0) return;
    for (const one of left) end(one);
    await pause(PAUSE_MS);
  }
  throw new Error(`Processes of ${which.mark} can't be ended.`);
}

/** Looked at again right before: a process id may have become another's. */
function end({ pid, birth }: SeenProcess): void {
  if (seen(pid)?.birth !== birth) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended, or is another user's and so not the attempt's.
  }
}
