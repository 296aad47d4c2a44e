// How busy this machine's cores are, over a short sample.
import { type CpuInfo, cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Long enough for the kernel's 10 ms ticks to mean something. */
const SAMPLE_MS = 200;

export interface CpuFigures {
  readonly cores: number;
  /** 0 where the system keeps no load average. */
  readonly load1m: number;
  /** Share of all cores in use during the sample, 0 to 1. */
  readonly usedRatio: number;
}

export async function measureCpu(sampleMs = SAMPLE_MS): Promise<CpuFigures> {
  const before = cpus();
  await sleep(sampleMs);
  const after = cpus();
  return { cores: after.length, load1m: loadavg()[0] ?? 0, usedRatio: usedRatio(before, after) };
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
