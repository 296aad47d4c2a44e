// The index against a calculation by hand and against the formula written down plainly.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { B, Bm25Index, type Field, type Hit, K1 } from './bm25-index.js';

const words = (text: string): Field[] => [{ terms: text.split(' '), weight: 1 }];

function indexOf(entries: readonly (readonly Field[])[]): Bm25Index {
  const index = new Bm25Index();
  for (const fields of entries) index.add(fields);
  return index;
}

/** Every entry against every term, with nothing prepared. */
function naiveSearch(entries: readonly (readonly Field[])[], query: readonly string[], limit: number): Hit[] {
  const tf = (fields: readonly Field[], term: string): number =>
    fields.reduce((sum, { terms, weight }) => sum + weight * terms.filter((each) => each === term).length, 0);
  const length = (fields: readonly Field[]): number =>
    fields.reduce((sum, { terms, weight }) => sum + weight * terms.length, 0);
  const average = entries.reduce((sum, fields) => sum + length(fields), 0) / entries.length;
  const scored = entries.map((fields, entry) => {
    let score = 0;
    for (const term of query) {
      const frequency = tf(fields, term);
      if (frequency === 0) continue;
      const df = entries.filter((each) => tf(each, term) > 0).length;
      const idf = Math.log(1 + (entries.length - df + 0.5) / (df + 0.5));
      score += (idf * frequency) / (K1 * (1 - B + (B * length(fields)) / average) + frequency);
    }
    return { entry, score };
  });
  const found = scored.filter(({ score }) => score > 0);
  return found.sort((a, b) => b.score - a.score || a.entry - b.entry).slice(0, limit);
}

const term = fc.constantFrom('flare', 'sun', 'wallet', 'token', 'parquet', 'schema', 'row');
const field = fc.record({ terms: fc.array(term, { maxLength: 12 }), weight: fc.constantFrom(1, 2, 3) });
const corpus = fc.array(fc.array(field, { maxLength: 3 }), { minLength: 1, maxLength: 20 });

describe('Bm25Index', () => {
  it('scores as computed by hand', () => {
    // N = 3, lengths 2, 4, 3, average 3. "flare" is in two entries: idf = ln(1 + 1.5 / 2.5) = ln 1.6 = 0.470004.
    // Entry 0, tf 1: 1 / (1.2 * (0.25 + 0.75 * 2/3) + 1) = 1 / 1.9 -> 0.247370.
    // Entry 1, tf 2: 2 / (1.2 * (0.25 + 0.75 * 4/3) + 2) = 2 / 3.5 -> 0.268574.
    const index = indexOf([words('solar flare'), words('flare after flare again'), words('wallets hold money')]);
    const hits = index.search(['flare'], 10);
    expect(hits.map(({ entry }) => entry)).toEqual([1, 0]);
    expect(hits[0]?.score).toBeCloseTo(0.268574, 5);
    expect(hits[1]?.score).toBeCloseTo(0.24737, 5);
  });

  it('agrees with the formula written down plainly', () => {
    fc.assert(
      fc.property(
        corpus,
        fc.array(term, { maxLength: 6 }),
        fc.integer({ min: 1, max: 25 }),
        (entries, query, limit) => {
          const found = indexOf(entries).search(query, limit);
          const expected = naiveSearch(entries, query, limit);
          expect(found.map(({ entry }) => entry)).toEqual(expected.map(({ entry }) => entry));
          for (const [at, { score }] of found.entries()) expect(score).toBeCloseTo(expected[at]?.score ?? 0, 10);
        },
      ),
    );
  });

  it('does not care when entries were added between questions', () => {
    fc.assert(
      fc.property(corpus, fc.array(term, { minLength: 1, maxLength: 4 }), (entries, query) => {
        const index = new Bm25Index();
        for (const fields of entries) {
          index.add(fields);
          index.search(query, 3);
        }
        expect(index.search(query, 100)).toEqual(indexOf(entries).search(query, 100));
      }),
    );
  });

  it('keeps equal entries in the order in which they were added', () => {
    const index = indexOf(Array.from({ length: 50 }, () => words('same words')));
    expect(index.search(['same'], 50).map(({ entry }) => entry)).toEqual(Array.from({ length: 50 }, (_, at) => at));
  });

  it('weighs a field', () => {
    const index = indexOf([
      [
        { terms: ['other'], weight: 2 },
        { terms: ['roles', 'here'], weight: 1 },
      ],
      [
        { terms: ['roles'], weight: 2 },
        { terms: ['other', 'here'], weight: 1 },
      ],
    ]);
    expect(index.search(['roles'], 1)[0]?.entry).toBe(1);
  });

  it('finds nothing in an empty index, or with no term', () => {
    expect(new Bm25Index().search(['flare'], 5)).toEqual([]);
    expect(indexOf([words('flare'), []]).search([], 5)).toEqual([]);
    expect(indexOf([[], []]).search(['flare'], 5)).toEqual([]);
  });
});
