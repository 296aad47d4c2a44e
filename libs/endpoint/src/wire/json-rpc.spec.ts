// The depth bound counts brackets outside strings, and nothing else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tooDeep } from './json-rpc.js';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const depthOf = (value: unknown): number =>
  value === null || typeof value !== 'object' ? 0 : 1 + Math.max(0, ...Object.values(value).map(depthOf));

describe('tooDeep', () => {
  it('allows 128 levels and no more', () => {
    expect(tooDeep(nested(128))).toBe(false);
    expect(tooDeep(nested(129))).toBe(true);
  });

  it('does not count brackets in strings, escaped quotes included', () => {
    expect(tooDeep(JSON.stringify({ text: `\\"${nested(500)}"` }))).toBe(false);
    expect(tooDeep(`["\\\\",${nested(127)}]`)).toBe(false);
    expect(tooDeep(`["\\\\",${nested(128)}]`)).toBe(true);
  });

  it('agrees with the parsed value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const wrapped = JSON.stringify(value);
        const levels = 128 - depthOf(JSON.parse(wrapped));
        expect(tooDeep('['.repeat(levels) + wrapped + ']'.repeat(levels))).toBe(false);
        expect(tooDeep('['.repeat(levels + 1) + wrapped + ']'.repeat(levels + 1))).toBe(true);
      }),
    );
  });

  it('survives text that is not JSON', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof tooDeep(text) === 'boolean'));
  });
});
