// Anomalies grouped by wallet, and their figures.
import { describe, expect, it } from 'vitest';
import { type Anomaly, byWallet, formatScore, headOf, timesText } from './anomaly.js';

const anomaly = (id: string, walletId: string | null, score: number, lastAt: string): Anomaly =>
  ({ id, walletId, score, threshold: 2, lastAt }) as Anomaly;

describe('byWallet', () => {
  it('has the most unusual wallet first, and its newest anomaly first', () => {
    const groups = byWallet([
      anomaly('a', 'wal_1', 3, '2026-11-21T10:00:00.000Z'),
      anomaly('b', null, 9, '2026-11-21T09:00:00.000Z'),
      anomaly('c', 'wal_1', 4, '2026-11-21T11:00:00.000Z'),
    ]);
    expect(groups.map(({ walletId, worst }) => [walletId, worst])).toEqual([
      [null, 4.5],
      ['wal_1', 2],
    ]);
    expect(groups[1]?.anomalies.map(({ id }) => id)).toEqual(['c', 'a']);
    expect(byWallet([])).toEqual([]);
  });
});

it('says the summary without the reasons that are drawn', () => {
  expect(headOf('Work unlike the wallet’s, in 3 calls: calls in 10 s (40 %)')).toBe(
    'Work unlike the wallet’s, in 3 calls.',
  );
  expect(headOf('Nothing more.')).toBe('Nothing more.');
});

it('writes scores shortly', () => {
  expect([0.42344, 12.345, 420.4].map(formatScore)).toEqual(['0.423', '12.3', '420']);
  expect(timesText({ score: 5, threshold: 2 })).toBe('2.5 times the threshold');
});
