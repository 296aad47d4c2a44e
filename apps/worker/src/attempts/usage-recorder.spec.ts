// What an attempt used over time: means of CPUs, the most memory, a bounded number of values however long it takes, and none for a job
// that is short.
import type { UsageSeries } from '@labmesh/contracts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UsageRecorder } from './usage-recorder.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

/** Busy with one processor and a half, on one of two GPUs; its memory grows by a byte a second. */
function recorded(gpus: readonly number[] = []) {
  const begun = Date.now();
  const kept: UsageSeries[] = [];
  const failures: unknown[] = [];
  const elapsed = (): number => Date.now() - begun;
  const gpu = (index: number, utilizationRatio: number | null) => ({
    ...{ index, utilizationRatio, name: '', memoryTotalBytes: 0, memoryUsedBytes: 0, temperatureC: null },
  });
  const recorder = new UsageRecorder({
    gpus,
    measureGpus: async () => [gpu(0, 1), gpu(1, 0.5), gpu(2, null)],
    usage: async () => ({
      ...{ cpuMs: elapsed() * 1.5, gpuMs: 0, memoryBytes: Math.round(elapsed() / 1_000), memoryPeakBytes: 0 },
    }),
    keep: async (series) => void kept.push(series),
    failed: (error) => void failures.push(error),
  });
  recorder.begin();
  return { recorder, kept, failures };
}

it('keeps a value a second, now and then and at the end', async () => {
  const { recorder, kept, failures } = recorded();
  await vi.advanceTimersByTimeAsync(4_500);
  expect(kept).toEqual([]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(kept).toHaveLength(1);
  await recorder.end();
  const whole = [1, 2, 3, 4, 5, 6, 7];
  expect(kept.at(-1)).toEqual({ everySeconds: 1, cpus: whole.map(() => 1.5), memoryBytes: whole, gpus: [] });
  await recorder.end();
  expect([kept.length, failures]).toEqual([2, []]);
});

it('keeps nothing of a job that was over before the first look', async () => {
  const { recorder, kept } = recorded();
  await vi.advanceTimersByTimeAsync(900);
  await recorder.end();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(kept).toEqual([]);
});

it('stays within its number of values for a day, and covers all of it', async () => {
  const { recorder, kept } = recorded([1, 2]);
  await vi.advanceTimersByTimeAsync(86_400_000);
  await recorder.end();
  const { everySeconds, cpus, memoryBytes, gpus } = kept.at(-1) as UsageSeries;
  expect(cpus.length).toBeGreaterThan(60);
  expect(cpus.length).toBeLessThanOrEqual(120);
  expect(everySeconds * cpus.length).toBeGreaterThan(86_400 - 2 * everySeconds);
  expect(new Set(cpus)).toEqual(new Set([1.5]));
  expect(memoryBytes).toEqual([...memoryBytes].sort((one, other) => one - other));
  expect(new Set(gpus)).toEqual(new Set([0.5]));
});
