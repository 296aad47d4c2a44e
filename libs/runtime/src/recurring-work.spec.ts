// Work that comes again: one turn at a time, on after a failure, and over when a stop has answered.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RecurringWork } from './recurring-work.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('rests between two turns, and goes on after one that failed', async () => {
  const told: unknown[] = [];
  const turns: number[] = [];
  const work = new RecurringWork(
    async () => {
      turns.push(Date.now());
      if (turns.length === 2) throw new Error('away');
    },
    1_000,
    (error) => told.push(error),
  );
  const start = Date.now();
  work.begin(0);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(turns.map((at) => at - start)).toEqual([0, 1_000, 2_000]);
  expect(told).toEqual([new Error('away')]);
  await work.stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(turns).toHaveLength(3);
});

it('a stop waits for the turn under way, and no other begins', async () => {
  let end = (): void => undefined;
  let begun = 0;
  const work = new RecurringWork(
    () => {
      begun += 1;
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    },
    1_000,
    () => undefined,
  );
  work.begin();
  await vi.advanceTimersByTimeAsync(3_000);
  let stopped = false;
  const stopping = work.stop().then(() => {
    stopped = true;
  });
  await vi.advanceTimersByTimeAsync(3_000);
  expect([begun, stopped]).toEqual([1, false]);
  end();
  await stopping;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(begun).toBe(1);
});

it('comes sooner when somebody says so, never later, and once for all who did', async () => {
  const turns: number[] = [];
  const work = new RecurringWork(
    async () => void turns.push(Date.now() - start),
    Number.POSITIVE_INFINITY,
    () => undefined,
  );
  const start = Date.now();
  await vi.advanceTimersByTimeAsync(500);
  for (const ms of [1_000, 300, 2_000]) work.within(ms);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(turns).toEqual([800]);
  work.within(0);
  expect(turns).toEqual([800, 10_500]);
  await work.stop();
  work.within(0);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(turns).toHaveLength(2);
});

it('what is asked for during a turn is done after it', async () => {
  let [begun, end] = [0, (): void => undefined];
  const work = new RecurringWork(
    () => {
      begun += 1;
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    },
    5_000,
    () => undefined,
  );
  work.within(0);
  for (let n = 0; n < 3; n += 1) work.within(0);
  work.within(100);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toBe(1);
  end();
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toBe(2);
  end();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(begun).toBe(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toBe(3);
});
