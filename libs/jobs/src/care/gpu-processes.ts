// What holds memory of this machine's NVIDIA GPUs, and which attempt each process belongs to. It ends only what carries the mark of
// an attempt that the caller names: never a process without one, never another attempt's.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { askNvidia } from '../machine/nvidia-smi.js';
import { jobMark, type Marked, markIn } from './attempt-mark.js';

const MEBIBYTE = 1_024 * 1_024;
/** From SIGTERM to SIGKILL. */
const GRACE_MS = 2_000;
const LOOK_MS = 50;

export interface GpuProcess {
  /** Null where the program does not say which. */
  readonly gpu: number | null;
  readonly pid: number;
  readonly program: string;
  /** Null where the driver does not tell. */
  readonly memoryBytes: number | null;
  readonly attempt: Marked | null;
}

/** Where things are, for tests with a stand-in. */
export interface GpuSight {
  readonly program?: string;
  readonly proc?: string;
}

/** [] where there is no nvidia-smi. Rejects when it is there and fails. */
export async function gpuProcesses({ program, proc = '/proc' }: GpuSight = {}): Promise<GpuProcess[]> {
  const apps = await askNvidia({
    about: 'compute-apps',
    fields: ['gpu_uuid', 'pid', 'used_memory', 'process_name'],
    program,
  });
  if (apps.length === 0) return [];
  const gpus = new Map(
    (await askNvidia({ about: 'gpu', fields: ['uuid', 'index'], program })).map(([uuid, index]) => [uuid, index]),
  );
  const found = apps.flatMap(([uuid, pid, memory, ...name]) => {
    const index = gpus.get(uuid);
    if (pid === undefined || !/^\d+$/.test(pid)) return [];
    const memoryBytes = /^\d+$/.test(memory ?? '') ? Number(memory) * MEBIBYTE : null;
    return [
      { gpu: index === undefined ? null : Number(index), pid: Number(pid), program: name.join(', '), memoryBytes },
    ];
  });
  return Promise.all(found.map(async (one) => ({ ...one, attempt: (await markOf(one.pid, proc)) ?? null })));
}

/** Ends the processes that carry the mark of one of these attempts, and answers which of them are gone now. */
export async function endMarked(
  attempts: readonly Marked[],
  among: readonly number[],
  proc = '/proc',
): Promise<number[]> {
  const marks = new Set(attempts.map(jobMark));
  // The mark is read again for each: a number may be another process's by now.
  const theirs = async (pid: number): Promise<boolean> => {
    const mark = await markOf(pid, proc);
    return mark !== undefined && marks.has(jobMark(mark));
  };
  const end = async (pid: number): Promise<number[]> => {
    if (!(await theirs(pid))) return [];
    signal(pid, 'SIGTERM');
    for (let waited = 0; waited < GRACE_MS; waited += LOOK_MS) {
      await rest(LOOK_MS);
      if (!(await theirs(pid))) return [pid];
    }
    signal(pid, 'SIGKILL');
    await rest(LOOK_MS);
    return (await theirs(pid)) ? [] : [pid];
  };
  return (await Promise.all([...new Set(among)].map(end))).flat();
}

/** Undefined for a process that is gone, is another user's, or has no mark. A zombie has no environment any more. */
async function markOf(pid: number, proc: string): Promise<Marked | undefined> {
  const environment = await readFile(join(proc, String(pid), 'environ'), 'latin1').catch(() => '');
  return markIn(environment);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended, or is not ours to end: the next look says which
  }
}
