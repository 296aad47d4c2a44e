// The corpus: a document that is put again is found by its new words, and by its old ones no more.
import { tokenize } from '@labmesh/search';
import { describe, expect, it } from 'vitest';
import { Corpus } from './corpus.js';

const found = (corpus: Corpus, question: string): string[] =>
  corpus.search(tokenize(question), 5).map(({ file, text }) => `${file}: ${text}`);

describe('a document that is put again', () => {
  it('is found as it is now', () => {
    const corpus = new Corpus();
    corpus.add({ file: 'docs/a.md', text: '# A\n\nThe pump stalls.' });
    corpus.put({ file: 'datasets/x.md', text: '# X\n\nComets of 2016.' });
    corpus.put({ file: 'datasets/x.md', text: '# X\n\nAsteroids of 2017.' });
    expect(corpus.documentCount).toBe(2);
    expect(found(corpus, 'comets')).toEqual([]);
    expect(found(corpus, 'asteroids')).toEqual(['datasets/x.md: Asteroids of 2017.']);
    expect(found(corpus, 'pump')).toEqual(['docs/a.md: The pump stalls.']);
    expect(corpus.document('datasets/x.md')?.text).toContain('Asteroids');
  });

  it('leaves the rest as it was, however often it comes', () => {
    const corpus = new Corpus();
    corpus.add({ file: 'docs/a.md', text: '# A\n\nThe pump stalls.' });
    for (let turn = 0; turn < 1_500; turn += 1)
      corpus.put({ file: 'datasets/x.md', text: `# X\n\nReading number${turn} of the pump gauge.` });
    expect(found(corpus, 'number1499')).toEqual(['datasets/x.md: Reading number1499 of the pump gauge.']);
    expect(found(corpus, 'number1498')).toEqual([]);
    expect(found(corpus, 'pump').toSorted()).toEqual([
      'datasets/x.md: Reading number1499 of the pump gauge.',
      'docs/a.md: The pump stalls.',
    ]);
  });
});
