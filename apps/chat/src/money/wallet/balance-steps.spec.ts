// The line of a balance: it begins before the first entry, ends now, and loses no millionth.
import { expect, it } from 'vitest';
import { balanceByDay, balanceSteps, extremes } from './balance-steps.js';

const entry = (at: string, change: string, balanceAfter: string) => ({ at, change, balanceAfter });
const toMs = Date.parse('2026-11-28T12:00:00Z');

it('steps from what was there before the first entry to now', () => {
  const entries = [
    entry('2026-11-27T12:00:00Z', '-0.000001', '9007199254.740993'),
    entry('2026-11-26T12:00:00Z', '1.00', '9007199254.740994'),
  ];
  const fromMs = Date.parse('2026-11-20T12:00:00Z');
  const steps = balanceSteps(entries, { fromMs, toMs, balance: '9007199254.740993' });
  expect(steps.map(({ balance }) => balance)).toEqual([
    '9007199253.740994',
    '9007199254.740994',
    '9007199254.740993',
    '9007199254.740993',
  ]);
  expect([steps[0]?.atMs, steps.at(-1)?.atMs]).toEqual([fromMs, toMs]);
  expect(extremes(steps)).toEqual({ least: '9007199253.740994', most: '9007199254.740994' });
});

it('is a flat line where nothing happened', () => {
  const steps = balanceSteps([], { fromMs: toMs - 1_000, toMs, balance: '5.00' });
  expect(steps).toEqual([
    { atMs: toMs - 1_000, balance: '5.00' },
    { atMs: toMs, balance: '5.00' },
  ]);
});

it('has one figure a day, the last one', () => {
  const day = new Date(2026, 10, 28, 9).getTime();
  const steps = [
    { atMs: day, balance: '1.00' },
    { atMs: day + 3_600_000, balance: '2.00' },
    { atMs: day + 86_400_000, balance: '3.00' },
  ];
  expect(balanceByDay(steps).map(({ balance }) => balance)).toEqual(['2.00', '3.00']);
});
