// Slips of the hand, and words that are no slips.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearWords } from './near-words.js';

const KNOWN = new Set([
  'upload',
  'dataset',
  'transact',
  'parquet',
  'pay',
  'vote',
  'note',
  'administr',
  'folding',
  'molding',
]);

describe('nearWords', () => {
  it.each([
    ['uplod', ['upload']],
    ['uplaod', ['upload']],
    ['dataaset', ['dataset']],
    ['parkuet', ['parquet']],
    ['transcat', ['transact']],
    ['adminsitrr', ['administr']],
    ['rote', ['rote']],
    ['holding', ['folding', 'molding']],
    ['upload', ['upload']],
    ['pey', ['pey']],
    ['galaxi', ['galaxi']],
    ['', ['']],
  ])('%s: %j', (word, near) => {
    expect(nearWords(word, KNOWN)).toEqual(near);
  });

  it('finds every word with one letter left out, added, changed or swapped, whatever it is', () => {
    const letter = fc.constantFrom(...'abcdxyz');
    const words = fc.array(letter, { minLength: 6, maxLength: 12 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(words, fc.nat(20), letter, fc.nat(3), (word, place, other, kind) => {
        const at = place % (word.length - 1);
        const slip = [
          word.slice(0, at) + word.slice(at + 1),
          word.slice(0, at) + other + word.slice(at),
          word.slice(0, at) + other + word.slice(at + 1),
          word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2),
        ][kind] as string;
        expect(nearWords(slip, new Set([word]))).toEqual([word]);
      }),
    );
  });
});
