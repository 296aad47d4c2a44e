// Many signals become few, none is late by more than a period, and the last is never lost.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { throttled } from './throttled.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('runs at once, then once per period in which signals came', () => {
  const at: number[] = [];
  const started = Date.now();
  const { signal, stop } = throttled(() => at.push(Date.now() - started), 200);
  for (let n = 0; n < 45; n++) {
    signal();
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(1_000);
  expect(at).toEqual([0, 200, 400, 600]);
  signal();
  expect(at).toHaveLength(5);
  signal();
  stop();
  signal();
  vi.advanceTimersByTime(1_000);
  expect(at).toHaveLength(5);
});
