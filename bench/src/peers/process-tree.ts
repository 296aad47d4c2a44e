// CPU time and memory of a process and all that it started, from /proc. Only Linux has that.
import { readdirSync, readFileSync } from 'node:fs';
import type { Usage } from '../measured-child.js';

/** Clock ticks of a second, as every Linux that Node runs on has them. */
const TICKS = 100;
const PAGE_BYTES = 4_096;

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

/** The process's own time, and that of ended children it waited for. */
function rowOf(pid: number): Row | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks: fields are counted behind it.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, times, pages = 0] = [fields[1], fields.slice(11, 15), fields[21]];
    return { pid, parent, ticks: times.reduce((sum, ticks) => sum + ticks, 0), pages };
  } catch {
    return undefined;
  }
}

/** Of `root` and its descendants that run now. */
export function usageOfTree(root: number): Usage {
  const rows = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => rowOf(Number(name)))
    .filter((row) => row !== undefined);
  const tree = new Set([root]);
  for (let before = 0; before < tree.size; ) {
    before = tree.size;
    for (const { pid, parent } of rows) if (tree.has(parent)) tree.add(pid);
  }
  const own = rows.filter(({ pid }) => tree.has(pid));
  const sum = (of: (row: Row) => number): number => own.reduce((total, row) => total + of(row), 0);
  return { cpuMicros: (sum(({ ticks }) => ticks) / TICKS) * 1e6, rssBytes: sum(({ pages }) => pages) * PAGE_BYTES };
}
