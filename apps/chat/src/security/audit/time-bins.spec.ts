// Records counted by time and severity.
import { describe, expect, it } from 'vitest';
import type { AuditRecord, Severity } from './record.js';
import { binWidthMs, timeBins, totals } from './time-bins.js';

const at = (ms: number, severity: Severity) => ({ at: new Date(ms).toISOString(), severity }) as AuditRecord;

describe('timeBins', () => {
  it('has a readable width, and no more bins than asked for', () => {
    expect(binWidthMs(15 * 60_000, 60)).toBe(15_000);
    expect(binWidthMs(3_600_000, 60)).toBe(60_000);
    expect(binWidthMs(7 * 86_400_000, 60)).toBe(10_800_000);
    expect(binWidthMs(10 * 365 * 86_400_000, 60)).toBeGreaterThan(86_400_000);
  });

  it('counts each record once, in its bin, and leaves out what is outside', () => {
    const span = { fromMs: 100_000, toMs: 160_000, most: 60 };
    const bins = timeBins(
      [at(99_999, 'info'), at(100_000, 'info'), at(100_999, 'error'), at(160_000, 'warning'), at(161_000, 'info')],
      span,
    );
    expect(bins).toHaveLength(61);
    expect(bins[0]).toEqual({ fromMs: 100_000, counts: { info: 1, notice: 0, warning: 0, error: 1 }, total: 2 });
    expect(bins.at(-1)).toMatchObject({ fromMs: 160_000, total: 1 });
    expect(totals(bins)).toEqual({ info: 1, notice: 0, warning: 1, error: 1 });
  });
});
