// The corpus: a document that is put again is found by its new words, and by its old ones no more; a question sees its shelves alone.
import { tokenize } from '@labmesh/search';
import { describe, expect, it } from 'vitest';
import { Corpus, LAB_SHELF, type Scope } from './corpus.js';
import { newDocument, versionOf } from './document.js';

const textOf = (file: string, text: string) => newDocument({ file, text, collection: file.split('/')[0] ?? '' });
const found = (corpus: Corpus, question: string, scope?: Scope): string[] =>
  corpus.search(tokenize(question), 5, scope).map(({ file, text }) => `${file}: ${text}`);

describe('a document that is put again', () => {
  it('is found as it is now', () => {
    const corpus = new Corpus();
    corpus.add(textOf('docs/a.md', '# A\n\nThe pump stalls.'));
    corpus.put(textOf('datasets/x.md', '# X\n\nComets of 2016.'));
    corpus.put(textOf('datasets/x.md', '# X\n\nAsteroids of 2017.'));
    expect(corpus.size()).toBe(2);
    expect(found(corpus, 'comets')).toEqual([]);
    expect(found(corpus, 'asteroids')).toEqual(['datasets/x.md: Asteroids of 2017.']);
    expect(found(corpus, 'pump')).toEqual(['docs/a.md: The pump stalls.']);
    expect(corpus.document('datasets/x.md')?.text).toContain('Asteroids');
  });

  it('leaves the rest as it was, however often it comes', () => {
    const corpus = new Corpus();
    corpus.add(textOf('docs/a.md', '# A\n\nThe pump stalls.'));
    for (let turn = 0; turn < 1_500; turn += 1)
      corpus.put(textOf('datasets/x.md', `# X\n\nReading number${turn} of the pump gauge.`));
    expect(found(corpus, 'number1499')).toEqual(['datasets/x.md: Reading number1499 of the pump gauge.']);
    expect(found(corpus, 'number1498')).toEqual([]);
    expect(found(corpus, 'pump').toSorted()).toEqual([
      'datasets/x.md: Reading number1499 of the pump gauge.',
      'docs/a.md: The pump stalls.',
    ]);
  });

  it('has the version of its text, and keeps what else is said of it', () => {
    const corpus = new Corpus();
    const [first, second] = [new Date(1_000), new Date(2_000)];
    corpus.put({ ...textOf('docs/a.md', 'Port 7001.'), at: first });
    corpus.put({ ...textOf('docs/a.md', 'Port 7001.'), at: second });
    expect(corpus.document('docs/a.md')).toMatchObject({ version: versionOf('Port 7001.'), at: second });
    expect(corpus.search(tokenize('port'), 5)[0]?.document.at).toEqual(second);
    corpus.put(textOf('docs/a.md', 'Port 7002.'));
    expect(corpus.document('docs/a.md')?.version).toBe(versionOf('Port 7002.'));
    expect(versionOf('Port 7002.')).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('shelves', () => {
  const corpus = new Corpus();
  corpus.put(textOf('docs/a.md', '# Pump\n\nThe pump stalls.'));
  corpus.put(textOf('notes/mine.md', '# Pump\n\nMy pump sings.'), 'wallet a');
  corpus.put(textOf('notes/mine.md', '# Pump\n\nYour pump hums.'), 'wallet b');
  const mine: Scope = { shelves: [LAB_SHELF, 'wallet a'] };

  it('show what is on them alone, in what is found and in every number', () => {
    expect(found(corpus, 'pump')).toEqual(['docs/a.md: The pump stalls.']);
    expect(found(corpus, 'pump', mine).toSorted()).toEqual([
      'docs/a.md: The pump stalls.',
      'notes/mine.md: My pump sings.',
    ]);
    expect(found(corpus, 'hums', mine)).toEqual([]);
    expect([corpus.size(), corpus.size(mine), corpus.size({ shelves: [] })]).toEqual([1, 2, 0]);
    expect(corpus.document('notes/mine.md')).toBeUndefined();
    expect(corpus.document('notes/mine.md', mine)?.text).toContain('sings');
    const rarity = (term: string, scope?: Scope) => corpus.inverseFrequencies([term], scope).get(term);
    expect(rarity('hum', mine)).toBe(rarity('nowhere', mine));
    expect(rarity('pump')).not.toBe(rarity('pump', mine));
  });

  it('are asked in part', () => {
    const counts: Scope['counts'] = ({ collection }) => collection === 'notes';
    expect(found(corpus, 'pump', { ...mine, counts })).toEqual(['notes/mine.md: My pump sings.']);
    expect(corpus.document('docs/a.md', { ...mine, counts })).toBeUndefined();
    expect(corpus.size({ ...mine, counts })).toBe(1);
  });

  it('keep what another has of the same name', () => {
    corpus.remove('notes/mine.md', 'wallet a');
    expect(found(corpus, 'pump', mine)).toEqual(['docs/a.md: The pump stalls.']);
    expect(found(corpus, 'hums', { shelves: ['wallet b'] })).toEqual(['notes/mine.md: Your pump hums.']);
  });
});
