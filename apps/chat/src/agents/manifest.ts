// What the Agents page reads: the live manifest, the health report, and how their figures are written.
export interface AgentEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly status: 'up' | 'down';
  readonly instances: number;
  readonly version: string | null;
  readonly startedAt: string | null;
  readonly latencyMs: number | null;
  readonly endpoint: string;
  readonly tools: readonly { readonly name: string; readonly title: string; readonly effect: string }[];
}

export interface Manifest {
  readonly agents: readonly AgentEntry[];
}

export interface Check {
  readonly status: 'up' | 'down';
  readonly kind: string;
  readonly latencyMs: number | null;
  readonly message: string | null;
}

export interface QueueCheck extends Check {
  readonly waiting: number | null;
  readonly active: number | null;
  readonly failed: number | null;
}

export interface Gpu {
  readonly index: number;
  readonly name: string;
  readonly memoryTotalBytes: number;
  readonly memoryUsedBytes: number;
  readonly utilizationRatio: number | null;
  readonly temperatureC: number | null;
}

export interface Health {
  readonly status: 'healthy' | 'degraded';
  readonly at: string;
  readonly database: Check;
  readonly queue: QueueCheck;
  readonly bus: Check;
  readonly cpu: { readonly cores: number; readonly load1m: number; readonly usedRatio: number };
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number; readonly processBytes: number };
  readonly disk: { readonly path: string; readonly totalBytes: number; readonly availableBytes: number };
  readonly gpus: readonly Gpu[];
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** 1536 -> "1.5 KiB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1_024 && unit < UNITS.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** Milliseconds: 0.42 -> "0.4 ms", 12.7 -> "13 ms", 2300 -> "2.3 s". */
export function formatMs(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

const STEPS = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3_600 },
  { unit: 'min', seconds: 60 },
] as const;

/** How long since `startedAt`: "3 d", "4 h", "12 min", "5 s". */
export function formatAge(startedAt: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(startedAt)) / 1_000));
  const step = STEPS.find((each) => seconds >= each.seconds);
  return step ? `${Math.floor(seconds / step.seconds)} ${step.unit}` : `${seconds} s`;
}

/** Share in use, kept within 0 to 1; 0 where the total is unknown. */
export const usedRatio = (used: number, total: number): number =>
  total > 0 ? Math.min(1, Math.max(0, used / total)) : 0;
