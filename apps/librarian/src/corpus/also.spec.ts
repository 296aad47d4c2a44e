// Other words for a section: how they are read, and that a section is found by them and never shows them.
import { expect, it } from 'vitest';
import { alsoOf } from './also.js';
import { chunksOf } from './chunking.js';
import { Corpus } from './corpus.js';
import { newDocument } from './document.js';

it('reads the phrases of a comment that comes first', () => {
  const text = '\n\n<!-- also: hook up a camera, , pair a mount -->\n\nText.';
  const { phrases, end } = alsoOf(text);
  expect(phrases).toEqual(['hook up a camera', 'pair a mount']);
  expect(text.slice(end).trim()).toBe('Text.');
});

it.each(['Text <!-- also: a -->', '<!-- see also: a -->', '<!-- also: a', `<!-- also: ${'a, '.repeat(2_000)}-->`, ''])(
  'takes nothing from %j',
  (text) => {
    expect(alsoOf(text)).toEqual({ phrases: [], end: 0 });
  },
);

const text = [
  '# Devices',
  '<!-- also: gear -->',
  'What is plugged in.',
  '## Mounts',
  '<!-- also: point at a star -->',
  'A mount is driven by Alpaca.',
].join('\n\n');
const document = newDocument({ file: 'docs/devices.md', collection: 'docs', text });

it('finds a section by them, and shows them nowhere', () => {
  const chunks = chunksOf(document);
  expect(chunks.map((chunk) => chunk.text)).toEqual(['What is plugged in.', 'A mount is driven by Alpaca.']);
  expect(chunks.map(({ also }) => also)).toEqual([['gear'], ['point at a star']]);
  const corpus = new Corpus();
  corpus.add(document);
  expect(corpus.search(['star'], 5).map((passage) => passage.text)).toEqual(['A mount is driven by Alpaca.']);
  expect([...corpus.documentScores(['gear'], 5).keys()].map(({ file }) => file)).toEqual(['docs/devices.md']);
});
