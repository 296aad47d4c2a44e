// Progress only grows, and says in words what the tool yielded.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { progressOf } from './progress.js';

describe('progressOf', () => {
  it('uses what a chunk says of itself', () => {
    const params = progressOf('t');
    expect(params({ progress: 3, total: 10, message: 'three' })).toEqual({
      progressToken: 't',
      progress: 3,
      total: 10,
      message: 'three',
    });
    expect(params({ records: [1] })).toEqual({ progressToken: 't', progress: 4, message: '{"records":[1]}' });
  });

  it('is strictly increasing whatever a tool yields', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), fc.record({ progress: fc.integer() }))), (chunks) => {
        const params = progressOf(1);
        const seen = chunks.map((chunk) => params(chunk).progress);
        expect(seen.every((value, at) => at === 0 || value > (seen[at - 1] ?? 0))).toBe(true);
      }),
    );
  });
});
