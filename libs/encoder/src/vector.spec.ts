// Vectors as they are kept beside what they were made of, and how they rank with words.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fusedScores } from './fusion.js';
import { cosineOf, packed, unpacked, vectorBytes } from './vector.js';

const unit = (values: readonly number[]): Float32Array => {
  const length = Math.hypot(...values) || 1;
  return Float32Array.from(values, (value) => value / length);
};
const vector = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 24, maxLength: 24 }).map(unit);

describe('kept vectors', () => {
  it('are compared as exact ones are, but for the last hundredth', () => {
    fc.assert(
      fc.property(vector, fc.array(vector, { minLength: 1, maxLength: 4 }), (asked, kept) => {
        const bytes = packed(kept);
        expect(bytes.byteLength).toBe(kept.length * vectorBytes(24));
        const read = unpacked(new Uint8Array(bytes), 24);
        for (const [at, one] of kept.entries()) {
          const exact = one.reduce((sum, value, i) => sum + value * (asked[i] ?? 0), 0);
          expect(read === undefined ? Number.NaN : cosineOf(asked, read, at)).toBeCloseTo(exact, 1.7);
        }
      }),
    );
  });

  it('of another length are none', () => {
    expect(unpacked(new Uint8Array(29), 24)).toBeUndefined();
    expect(unpacked(new Uint8Array(0), 24)?.scales.length).toBe(0);
  });
});

describe('words and meaning together', () => {
  it('count as the formula says', () => {
    const [both, word, meaning] = fusedScores([
      { words: 4, cosine: 0.5 },
      { words: 2, cosine: 0 },
      { words: 0, cosine: 1 },
    ]);
    expect(both).toBeCloseTo(0.3 + 0.7 * 0.5);
    expect(word).toBeCloseTo(0.15);
    expect(meaning).toBeCloseTo(0.7);
    expect(
      fusedScores(
        [
          { words: 1, cosine: 0.9 },
          { words: 2, cosine: 0.1 },
        ],
        1,
      ),
    ).toEqual([0.5, 1]);
  });

  it('keep the order of words where there are no vectors, all or some', () => {
    const order = (cosine: (at: number) => number | undefined): number[] => {
      const scores = fusedScores([5, 3, 1].map((words, at) => ({ words, cosine: cosine(at) })));
      return [0, 1, 2].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    };
    expect(order(() => undefined)).toEqual([0, 1, 2]);
    expect(order((at) => (at === 1 ? 0.6 : undefined))).toEqual([0, 1, 2]);
    expect(fusedScores([])).toEqual([]);
  });
});
