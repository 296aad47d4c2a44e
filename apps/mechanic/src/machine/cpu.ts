// How busy this machine's cores are, over the last seconds. Who asks waits for no sample: one is always under way.
import { type CpuInfo, cpus, loadavg } from 'node:os';

/** How often a sample begins. The one before it is what is answered with, up to now. */
const EVERY_MS = 5_000;

export interface CpuFigures {
  readonly cores: number;
  /** 0 where the system keeps no load average. */
  readonly load1m: number;
  /** Share of all cores in use during the last 5 to 10 seconds, 0 to 1; right after a start since then. */
  readonly usedRatio: number;
}

export class CpuWatch {
  #older = cpus();
  #newer = this.#older;
  readonly #timer = setInterval(() => {
    this.#older = this.#newer;
    this.#newer = cpus();
  }, EVERY_MS).unref();

  figures(): CpuFigures {
    const now = cpus();
    return { cores: now.length, load1m: loadavg()[0] ?? 0, usedRatio: usedRatio(this.#older, now) };
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Busy time over all time between two readings of `os.cpus()`, whose times are milliseconds since boot. */
export function usedRatio(before: readonly CpuInfo[], after: readonly CpuInfo[]): number {
  const total = sum(after.map(allTime)) - sum(before.map(allTime));
  const idle = sum(after.map(({ times }) => times.idle)) - sum(before.map(({ times }) => times.idle));
  if (total <= 0) return 0;
  return Math.round(Math.min(1, Math.max(0, 1 - idle / total)) * 1_000) / 1_000;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const allTime = ({ times }: CpuInfo): number => sum(Object.values(times));
