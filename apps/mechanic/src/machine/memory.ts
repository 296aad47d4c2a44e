// How much memory this machine has and can still give. Figures are of the machine, not of a container's limit.
import { readFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';

export interface MemoryFigures {
  readonly totalBytes: number;
  /** What programs can still take without swapping: free memory and caches that can be given up. */
  readonly availableBytes: number;
  /** Resident set of this process. */
  readonly processBytes: number;
}

export async function measureMemory(): Promise<MemoryFigures> {
  const meminfo = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  return {
    totalBytes: totalmem(),
    // Only Linux tells it; "free" alone would leave the caches out and look alarming.
    availableBytes: availableFrom(meminfo) ?? freemem(),
    processBytes: process.memoryUsage.rss(),
  };
}

/** Bytes of `MemAvailable` in the text of /proc/meminfo; undefined when it is not there. */
export function availableFrom(meminfo: string): number | undefined {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
}
