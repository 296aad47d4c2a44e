// The index against the formula written down plainly, against itself made anew, and with documents of others beside it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexTerms, tokenize } from './analysis/tokens.js';
import { K1 } from './ranking/rank-part.js';
import { type Entry, type Hit, SearchIndex } from './search-index.js';

const FIELDS = { heading: { weight: 2, lengthShare: 0.5 }, body: { weight: 1, lengthShare: 0.75 } } as const;
type Field = keyof typeof FIELDS;
type Document = readonly Entry<Field>[];

const term = fc.constantFrom('flare', 'sun', 'wallet', 'token', 'parquet', 'schema', 'row', 'comet');
const entry = fc.record({ heading: fc.array(term, { maxLength: 3 }), body: fc.array(term, { maxLength: 14 }) });
const documents = fc.array(fc.array(entry, { maxLength: 3 }), { minLength: 1, maxLength: 25 });
const question = fc.array(term, { maxLength: 5 });

function indexOf(all: readonly Document[]): SearchIndex<Field> {
  const index = new SearchIndex(FIELDS);
  for (const [number, each] of all.entries()) index.put(`d${number}`, each);
  return index;
}

/** BM25F of every entry for every term, with nothing prepared, in the order of the documents. */
function plainScores(all: readonly Document[], query: readonly string[]): number[] {
  const entries = all.flat();
  const names = Object.keys(FIELDS) as Field[];
  const average = (name: Field): number =>
    entries.reduce((sum, each) => sum + (each[name]?.length ?? 0), 0) / entries.length;
  return entries.map((each) =>
    query.reduce((score, asked) => {
      const frequency = names.reduce((sum, name) => {
        const { weight, lengthShare } = FIELDS[name];
        const terms = each[name] ?? [];
        const count = terms.filter((one) => one === asked).length;
        return count === 0
          ? sum
          : sum + (weight * count) / (1 - lengthShare + (lengthShare * terms.length) / average(name));
      }, 0);
      const holding = entries.filter((one) => names.some((name) => one[name]?.includes(asked))).length;
      const idf = Math.log(1 + (entries.length - holding + 0.5) / (holding + 0.5));
      return score + (idf * (K1 + 1) * frequency) / (K1 + frequency);
    }, 0),
  );
}

const keysOf = (hits: readonly Hit[]): string[] => hits.map(({ key, entry: number }) => `${key}.${number}`);

describe('a search', () => {
  it('scores as the formula written down plainly, where nothing else reorders', () => {
    fc.assert(
      fc.property(documents, term, (all, asked) => {
        const hits = indexOf(all).search({ terms: [asked], limit: 1_000, feedback: false });
        const names = all.flatMap((each, number) => each.map((_, at) => `d${number}.${at}`));
        const expected = plainScores(all, [asked]).map((score, at) => ({ score, name: names[at] }));
        const found = expected.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
        expect(hits.length).toBe(found.length);
        const scores = new Map(found.map(({ name, score }) => [name, score]));
        for (const hit of hits) expect(hit.score).toBeCloseTo(scores.get(`${hit.key}.${hit.entry}`) ?? -1, 9);
      }),
    );
  });

  it('is the beginning of a longer one, whatever it left unread', () => {
    const index = new SearchIndex(FIELDS);
    for (let number = 0; number < 16_000; number += 1) {
      const rare = number < 3_000 && number % 20 === 0 ? ['rare', `one${number % 3}`] : [];
      const body = [...rare, ...(number % 2 === 0 ? ['even'] : []), ...(number % 3 === 0 ? ['third'] : [])];
      index.put(`d${number}`, [{ body: [...body, ...Array<string>(number % 7).fill('fill')] }]);
    }
    const terms = ['even', 'rare', 'third', 'one1'];
    const all = index.search({ terms, limit: 1_000, feedback: false });
    const read = index.work.postings;
    expect(index.search({ terms, limit: 100, feedback: false })).toEqual(all.slice(0, 100));
    expect(index.work.postings - read).toBeLessThan((16_000 / 2 + 16_000 / 3) / 2);
    expect(read).toBeGreaterThan(16_000 / 2);
  });

  it('puts words that stand together before the same words apart', () => {
    const index = indexOf([
      [{ body: ['solar', 'x', 'y', 'z', 'q', 'w', 'v', 'u', 't', 's', 'flare'] }],
      [{ body: ['x', 'y', 'z', 'q', 'solar', 'flare', 'w', 'v', 'u', 't', 's'] }],
    ]);
    expect(keysOf(index.search({ terms: ['solar', 'flare'], limit: 2 }))).toEqual(['d1.0', 'd0.0']);
  });

  it('lifts what is about the same as the best, and brings in nothing without a word of the question', () => {
    const body = (text: string) => [{ body: tokenize(text) }];
    const index = indexOf([
      body('telescope mirror polish grinding optics'),
      body('telescope mirror optics polish grinding glass'),
      body('telescope invoice account payment wallet'),
      body('telescope optics grinding glass polish'),
      body('optics grinding glass polish'),
    ]);
    const hits = keysOf(index.search({ terms: tokenize('telescope mirror'), limit: 10 }));
    expect(hits.indexOf('d3.0')).toBeLessThan(hits.indexOf('d2.0'));
    expect(hits).not.toContain('d4.0');
  });

  it('finds nothing in an empty index, on a shelf that is not there, or with no term', () => {
    expect(new SearchIndex(FIELDS).search({ terms: ['sun'], limit: 5 })).toEqual([]);
    expect(indexOf([[{ body: ['sun'] }]]).search({ terms: ['sun'], limit: 5, shelves: ['other'] })).toEqual([]);
    expect(indexOf([[{ body: ['sun'] }], []]).search({ terms: [], limit: 5 })).toEqual([]);
    expect(indexOf([[{ body: ['sun'] }]]).search({ terms: ['sun'], limit: 0 })).toEqual([]);
    expect(() => new SearchIndex({})).toThrow('1 to 7 fields');
  });

  it('counts only what its asker lets through, before it takes the best', () => {
    const index = indexOf(Array.from({ length: 300 }, () => [{ body: ['sun'] }]));
    const hits = index.search({ terms: ['sun'], limit: 3, counts: (key) => Number(key.slice(1)) >= 290 });
    expect(hits.map(({ key }) => key)).toEqual(['d290', 'd291', 'd292']);
  });
});

describe('an index', () => {
  it('answers as one made anew of what is there, whatever came and went between questions', async () => {
    const change = fc.record({
      key: fc.integer({ min: 0, max: 8 }),
      entries: fc.option(fc.array(entry, { maxLength: 3 })),
      ask: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 40 }), question, fc.boolean(), async (changes, terms, merge) => {
        const index = new SearchIndex(FIELDS);
        const there = new Map<string, Document>();
        for (const { key, entries, ask } of changes) {
          there.delete(`d${key}`);
          if (entries === null) index.remove(`d${key}`);
          else {
            there.set(`d${key}`, entries);
            index.put(`d${key}`, entries);
          }
          if (ask) index.search({ terms, limit: 3 });
          if (merge) await index.maintain();
        }
        const anew = new SearchIndex(FIELDS);
        for (const [key, entries] of there) anew.put(key, entries);
        expect(index.size()).toEqual(anew.size());
        expect(index.search({ terms, limit: 50 })).toEqual(anew.search({ terms, limit: 50 }));
        expect(index.inverseFrequencies(terms)).toEqual(anew.inverseFrequencies(terms));
      }),
    );
  });

  it('answers, and works, as if the documents of other shelves did not exist', () => {
    fc.assert(
      fc.property(documents, documents, question, (own, foreign, terms) => {
        const [alone, beside] = [new SearchIndex(FIELDS), new SearchIndex(FIELDS)];
        for (let at = 0; at < Math.max(own.length, foreign.length); at += 1) {
          const [mine, theirs] = [own[at], foreign[at]];
          if (mine !== undefined) for (const index of [alone, beside]) index.put(`d${at}`, mine, { shelf: 'mine' });
          if (theirs !== undefined) beside.put(`d${at}`, theirs, { shelf: at % 2 === 0 ? 'a' : 'z' });
        }
        const ask = { terms, limit: 20, shelves: ['mine', 'nobody'] };
        expect(beside.search(ask)).toEqual(alone.search(ask));
        expect(beside.work).toEqual(alone.work);
        expect(beside.size(['mine'])).toEqual(alone.size(['mine']));
      }),
    );
  });

  it('keeps documents that come and go while parts are merged', async () => {
    const index = new SearchIndex(FIELDS);
    for (let number = 0; number < 20_000; number += 1) index.put(`d${number}`, [{ body: ['sun', `n${number % 400}`] }]);
    const merging = index.maintain();
    for (let number = 0; number < 20_000; number += 40) index.remove(`d${number}`);
    index.put('d1', [{ body: ['comet'] }]);
    expect(index.search({ terms: ['comet'], limit: 5 }).map(({ key }) => key)).toEqual(['d1']);
    await merging;
    expect(index.size()).toEqual({ documents: 19_500, entries: 19_500 });
    expect(index.search({ terms: ['comet'], limit: 5 }).map(({ key }) => key)).toEqual(['d1']);
    expect(index.search({ terms: ['n40'], limit: 100 }).map(({ key }) => key)).toEqual([]);
    expect(index.search({ terms: ['n41'], limit: 100 })).toHaveLength(50);
  });
});

describe('words of all languages', () => {
  it.each([
    ['认证', '认证系统使用JWT令牌'],
    ['猫', '我的猫很可爱'],
    ['승인', '초과근무 승인'],
    ['cafe', 'Le café est ouvert'],
    ['café', 'The cafe is open'],
    ['हिन्दी', 'यह हिन्दी में है'],
    ['C++', 'Written in C++ for speed'],
    ['ERR_CONN-42', 'The pump says ERR_CONN-42 and stops'],
    ['datasetId', 'Give the datasetId of the newest one'],
    ['dataset', 'Give the datasetId of the newest one'],
    ['os.path.join', 'Use os.path.join for names'],
  ])('%s finds its document first', (asked, text) => {
    const others = [
      'C is a letter',
      'err on conn 42',
      '证书系统',
      '초과 근무',
      'coffee house',
      'में',
      '狗',
      'path join',
      'Data sets',
    ];
    const index = indexOf([...others, text].map((each) => [{ body: indexTerms(each) }]));
    expect(index.search({ terms: tokenize(asked), limit: 1 })[0]?.key).toBe(`d${others.length}`);
  });
});
