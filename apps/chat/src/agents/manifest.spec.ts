// How figures of the Agents page are written.
import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatMs, usedRatio } from './manifest.js';

describe('figures', () => {
  it('writes bytes in binary units', () => {
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(1_536)).toBe('1.5 KiB');
    expect(formatBytes(128 * 1_024 ** 3)).toBe('128 GiB');
  });

  it('writes milliseconds', () => {
    expect([0.42, 12.7, 2_300].map(formatMs)).toEqual(['0.4 ms', '13 ms', '2.3 s']);
  });

  it('writes ages, and never a negative one', () => {
    const start = '2026-01-01T00:00:00Z';
    const now = Date.parse(start);
    expect([5, 90, 7_200, 200_000, -5].map((seconds) => formatAge(start, now + seconds * 1_000))).toEqual([
      '5 s',
      '1 min',
      '2 h',
      '2 d',
      '0 s',
    ]);
  });

  it('keeps shares within 0 and 1', () => {
    expect([usedRatio(1, 4), usedRatio(5, 4), usedRatio(1, 0)]).toEqual([0.25, 1, 0]);
  });
});
