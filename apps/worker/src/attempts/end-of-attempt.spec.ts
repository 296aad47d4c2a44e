// An end is told whatever its engine counted.
import { describe, expect, it } from 'vitest';
import { outcomeOf } from './end-of-attempt.js';

const used = { cpuMs: 1_500.4, gpuMs: 0, memoryBytes: 10, memoryPeakBytes: 20 };

describe('the end of an attempt', () => {
  it('has what was used', () => {
    const end = { exitCode: 0, signal: null, reason: null, message: null, usage: used };
    expect(outcomeOf(end, undefined)).toMatchObject({ outcome: 'succeeded', reason: 'finished', usage: used });
  });

  it.each([1.8e19, Number.NaN, Number.POSITIVE_INFINITY, -1])('leaves out a figure that is none: %d', (cpuMs) => {
    const end = { exitCode: 3, signal: null, reason: null, message: null, usage: { ...used, cpuMs } };
    expect(outcomeOf(end, undefined)).toMatchObject({
      outcome: 'failed',
      reason: 'exit_code',
      usage: { ...used, cpuMs: 0 },
    });
  });
});
