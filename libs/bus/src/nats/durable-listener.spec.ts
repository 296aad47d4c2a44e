// How long a failed event waits before it comes again.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redeliveryDelayMs } from './durable-listener.js';

describe('redeliveryDelayMs', () => {
  it('grows up to five minutes', () => {
    expect([1, 2, 3].map(redeliveryDelayMs)).toEqual([200, 400, 800]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (failures) => {
        const delayMs = redeliveryDelayMs(failures);
        return delayMs <= redeliveryDelayMs(failures + 1) && delayMs <= 300_000;
      }),
    );
  });
});
