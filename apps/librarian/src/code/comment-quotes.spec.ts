// Sentences of comments: exact slices, without the signs that make a comment one.
import { expect, it } from 'vitest';
import { commentQuotes } from './comment-quotes.js';

const quotesOf = (text: string) => {
  const quotes = commentQuotes(text, { start: 0, end: text.length });
  for (const { start, end, text: quoted } of quotes) expect(text.slice(start, end)).toBe(quoted);
  return quotes.map(({ text: quoted, kind }) => `${kind}: ${quoted}`);
};

it.each([
  ['/** Keeps the last ones. */', ['statement: Keeps the last ones.']],
  ['// One word. Two\n// lines long.', ['statement: One word.', 'statement: Two\n// lines long.']],
  [
    '/**\n * Commits it.\n *\n * Is it there?\n * @throws Error when not\n */',
    ['statement: Commits it.', 'question: Is it there?', 'statement: @throws Error when not'],
  ],
  ['"""Light curves of stars."""', ['statement: Light curves of stars.']],
  ["r'''Raw.\n\n    More of it.\n    '''", ['statement: Raw.', 'statement: More of it.']],
  ['# A *bold* word', ['statement: A *bold* word']],
  ['/* ---- */', []],
])('%j', (text, quotes) => {
  expect(quotesOf(text)).toEqual(quotes);
});

it('have pieces without marks where marks are within them', () => {
  const text = '/**\n * One word, two\n * lines. Three.\n */';
  const [one, two] = commentQuotes(text, { start: 0, end: text.length });
  expect(one?.pieces?.map((piece) => piece.text)).toEqual(['One word, two', 'lines.']);
  for (const { start, end, text: piece } of one?.pieces ?? []) expect(text.slice(start, end)).toBe(piece);
  expect(two?.pieces).toBeUndefined();
});

it('are at their places in the whole file', () => {
  const text = 'const a = 1;\n// Here it is.\n';
  const quotes = commentQuotes(text, { start: 13, end: 27 });
  expect(quotes).toEqual([{ start: 16, end: 27, text: 'Here it is.', kind: 'statement' }]);
});
