// Citation marks in answers and cited spans in documents.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOf, type Piece, paragraphs, splitCitations, splitDocument } from './answer.js';

const joined = (pieces: readonly Piece[]) =>
  pieces.map((piece) => ('text' in piece ? piece.text : `[${piece.citation}]`)).join('');

describe('splitCitations', () => {
  it('cuts at known marks', () => {
    expect(splitCitations('First [1], then [2].', new Set([1, 2]))).toEqual([
      { text: 'First ' },
      { citation: 1 },
      { text: ', then ' },
      { citation: 2 },
      { text: '.' },
    ]);
  });

  it('leaves unknown numbers and other brackets as text', () => {
    expect(splitCitations('a[0] and [9]', new Set([1]))).toEqual([{ text: 'a[0] and [9]' }]);
    expect(splitCitations('', new Set([1]))).toEqual([]);
  });

  it('cuts marks that touch', () => {
    expect(splitCitations('[1][2]', new Set([1, 2]))).toEqual([{ citation: 1 }, { citation: 2 }]);
  });

  it('loses no character', () => {
    const text = fc.array(fc.constantFrom('[', ']', '1', '2', '33', 'word ', '\n')).map((parts) => parts.join(''));
    fc.assert(fc.property(text, (answer) => joined(splitCitations(answer, new Set([1, 33]))) === answer));
  });
});

describe('paragraphs', () => {
  it('splits at blank lines and drops empty parts', () => {
    expect(paragraphs('one\n\n \n\nthree\n')).toEqual(['one', 'three']);
  });

  it('joins wrapped lines and keeps lists', () => {
    expect(paragraphs('one\ntwo [1]\n- a\n- b\n  c\n2. d')).toEqual(['one two [1]\n- a\n- b c\n2. d']);
  });
});

describe('splitDocument', () => {
  it('cuts at the offsets', () => {
    expect(splitDocument('abc abc', { start: 4, end: 7, text: 'abc' })).toEqual({
      before: 'abc ',
      span: 'abc',
      after: '',
    });
  });

  it('finds a span that has moved', () => {
    expect(splitDocument('new abc', { start: 0, end: 3, text: 'abc' }).before).toBe('new ');
  });

  it('marks nothing when the span is gone', () => {
    expect(splitDocument('abc', { start: 0, end: 2, text: 'xy' })).toEqual({ before: 'abc', span: '', after: '' });
  });
});

it('a file of a collection that people brought has the name that they gave it', () => {
  const brought = { file: 'col_1/pumps/start.md', collection: 'col_1', collectionName: 'manuals' };
  expect(nameOf(brought)).toBe('manuals/pumps/start.md');
  expect(nameOf({ file: 'docs/roles.md', collection: 'docs', collectionName: 'docs' })).toBe('docs/roles.md');
  expect(nameOf({ file: 'README.md', collection: 'docs', collectionName: 'docs' })).toBe('README.md');
  expect(nameOf({ file: 'col_1/start.md', collection: 'col_1' })).toBe('col_1/start.md');
});
