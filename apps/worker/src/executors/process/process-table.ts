// The processes of this machine, as /proc has them: whose they are, what they use. A process that ends meanwhile is left out.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { MARK_VARIABLE } from '@labmesh/jobs';

export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** Clock ticks after the machine's start: with the id, which process is meant. */
  readonly birth: number;
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** By what the processes of an attempt are known. */
export interface Belonging {
  readonly mark: string;
  /** Processes that the worker started itself, and their sessions. */
  readonly roots: readonly number[];
  /** Process 1 of a namespace that is the attempt's alone. */
  readonly keeper?: number | undefined;
}

/** The kernel tells each process its page size and its clock's ticks a second, in pairs of numbers: see getauxval(3). */
const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;
let units: { readonly pageBytes: number; readonly tickMs: number } | undefined;

function kernelUnits(): { readonly pageBytes: number; readonly tickMs: number } {
  if (units === undefined) {
    const words = new BigUint64Array(new Uint8Array(readFileSync('/proc/self/auxv')).buffer);
    const value = (key: bigint, standard: number): number => {
      for (let at = 0; at + 1 < words.length; at += 2) if (words[at] === key) return Number(words[at + 1]);
      return standard;
    };
    units = { pageBytes: value(AT_PAGESZ, 4_096), tickMs: 1_000 / value(AT_CLKTCK, 100) };
  }
  return units;
}

function seenProcesses(): SeenProcess[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (seen(Number(name)) ?? []) : []));
}

/** Undefined for one that has ended, and for a zombie. */
export function seen(pid: number): SeenProcess | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold spaces and brackets.
    const [state, ...rest] = line.slice(line.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    const at = (place: number): number => Number(rest[place]);
    const { pageBytes, tickMs } = kernelUnits();
    return {
      pid,
      parent: at(0),
      session: at(2),
      cpuMs: (at(10) + at(11)) * tickMs,
      birth: at(18),
      residentBytes: at(20) * pageBytes,
    };
  } catch {
    return undefined;
  }
}

/** Those of an attempt: what carries its mark, shares its namespace or session, and what they started. The keeper is none of them. */
export function belonging({ mark, roots, keeper }: Belonging, all = seenProcesses()): SeenProcess[] {
  const namespace = keeper === undefined ? undefined : namespaceOf(keeper);
  const own = new Set(roots);
  const ids = new Set(
    all
      .filter(
        ({ pid, session }) =>
          own.has(pid) ||
          own.has(session) ||
          (namespace !== undefined && namespaceOf(pid) === namespace) ||
          hasMark(pid, mark),
      )
      .map(({ pid }) => pid),
  );
  for (let before = -1; before !== ids.size; ) {
    before = ids.size;
    for (const { pid, parent } of all) if (ids.has(parent)) ids.add(pid);
  }
  return all.filter(({ pid }) => ids.has(pid) && pid !== keeper);
}

const MARK = (mark: string): Buffer => Buffer.from(`\0${MARK_VARIABLE}=${mark}\0`);

function hasMark(pid: number, mark: string): boolean {
  try {
    return Buffer.concat([Buffer.of(0), readFileSync(`/proc/${pid}/environ`)]).includes(MARK(mark));
  } catch {
    return false;
  }
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

/** Whether it has started a child: its ids are in one file. */
export function hasChild(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim() !== '';
  } catch {
    return true;
  }
}

/**
 * Memory of a process in which what it shares with others is counted in parts, so that a sum over processes counts it once. The kernel
 * walks all of its pages for that. Undefined where it does not tell.
 */
export function shareOfMemory(pid: number): number | undefined {
  try {
    const kibibytes = /^Pss: +(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
  } catch {
    return undefined;
  }
}
