// What the parts of this bench have in common: a running Sentinel in, figures and floors out.
import type { startProcess } from '@labmesh/agent';
import { type Figure, type Floor, round } from '../report.js';
import { quantile } from '../timed.js';

export type Running = Awaited<ReturnType<typeof startProcess>>;

export interface Part {
  readonly figures: readonly Figure[];
  readonly floors: readonly Floor[];
}

/** @param times microseconds, sorted, as the baseline's are */
export const figure = (name: string, times: readonly number[], baseline: readonly number[]): Figure => ({
  case: name,
  values: {
    'p50 us': round(quantile(times, 0.5)),
    'p99 us': round(quantile(times, 0.99)),
    'baseline p50 us': round(quantile(baseline, 0.5)),
    x: round(quantile(times, 0.5) / quantile(baseline, 0.5)),
  },
});
