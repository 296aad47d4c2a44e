// Records counted by time and severity, for the picture above the list.
import { type AuditRecord, SEVERITIES, type Severity } from './record.js';

export interface Bin {
  /** Unix milliseconds at which it begins. */
  readonly fromMs: number;
  readonly counts: Readonly<Record<Severity, number>>;
  readonly total: number;
}

/** Widths that people can read at an axis, milliseconds. */
const WIDTHS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

/** The width for a span, so that it has at most `most` bins. */
export function binWidthMs(spanMs: number, most: number): number {
  const seconds = WIDTHS_S.find((width) => spanMs / 1_000 / width <= most) ?? Math.ceil(spanMs / 1_000 / most);
  return seconds * 1_000;
}

/** Bins of one width that cover the span to its end; what is outside of them is left out. */
export function timeBins(
  records: readonly AuditRecord[],
  { fromMs, toMs, most }: { fromMs: number; toMs: number; most: number },
): readonly Bin[] {
  const width = binWidthMs(toMs - fromMs, most);
  const first = Math.floor(fromMs / width) * width;
  const count = Math.max(1, Math.floor(toMs / width) - first / width + 1);
  const counts = Array.from({ length: count }, () => ({ info: 0, notice: 0, warning: 0, error: 0 }));
  for (const { at, severity } of records) {
    const bin = counts[Math.floor((Date.parse(at) - first) / width)];
    if (bin) bin[severity] += 1;
  }
  return counts.map((bin, index) => ({
    fromMs: first + index * width,
    counts: bin,
    total: SEVERITIES.reduce((sum, severity) => sum + bin[severity], 0),
  }));
}

/** How many of each, in all bins. */
export function totals(bins: readonly Bin[]): Readonly<Record<Severity, number>> {
  const sum = { info: 0, notice: 0, warning: 0, error: 0 };
  for (const { counts } of bins) for (const severity of SEVERITIES) sum[severity] += counts[severity];
  return sum;
}
