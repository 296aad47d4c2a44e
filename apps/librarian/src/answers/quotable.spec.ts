// What can be quoted from a passage: whole sentences, items, rows and lines, each word for word.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotesOf } from './quotable.js';

const texts = (passage: string): string[] => quotesOf(passage).map(({ text }) => text);

describe('quotesOf', () => {
  it('keeps a sentence together over a line break, and cuts between sentences', () => {
    expect(texts('A wallet has\na role. It never\r\nchanges! Why? No tool\ndoes it.')).toEqual([
      'A wallet has\na role.',
      'It never\r\nchanges!',
      'Why?',
      'No tool\ndoes it.',
    ]);
  });

  it('takes list items, table rows and lines of code one by one, without their marks', () => {
    const text = [
      'Use it:',
      '',
      '- first item',
      '  goes on',
      '2. second',
      '> quoted',
      '',
      '| tool | does |',
      '| --- | :-: |',
      '| `a` | b |',
      '<!-- tools:end -->',
      '```sh',
      'npm ci',
      'npm start # runs',
      '```',
      '***',
    ].join('\n');
    expect(texts(text)).toEqual([
      'Use it:',
      'first item\n  goes on',
      'second',
      'quoted',
      '`a` | b',
      'npm ci',
      'npm start # runs',
    ]);
  });

  it('cuts bold text without leaving half of its marks', () => {
    expect(texts('**Once per key.** A payment moves once. It is **never** repeated.')).toEqual([
      'Once per key.',
      'A payment moves once.',
      'It is **never** repeated.',
    ]);
  });

  it('knows code from sentences', () => {
    expect(quotesOf('Run it:\n```\nnpm start\n```\nDone.')).toEqual([
      { text: 'Run it:', code: false },
      { text: 'npm start', code: true },
      { text: 'Done.', code: false },
    ]);
  });

  it('gives nothing that is not in the text', () => {
    const piece = fc.constantFrom(
      'One. ',
      'two',
      '\n',
      '\n\n',
      '- ',
      '```\n',
      '| a |',
      '> ',
      '<!-- x -->',
      '# h',
      '\r\n',
      '—',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'grapheme' })), { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        for (const quote of texts(text)) expect(text).toContain(quote);
      }),
    );
  });
});
