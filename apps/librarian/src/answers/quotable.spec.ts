// What can be quoted from a passage: whole sentences, items, rows and lines, each word for word.
import { growthOf } from '@labmesh/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatedSpans, quotesOf } from './quotable.js';

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

  it('knows code and questions from statements', () => {
    expect(quotesOf('Run it:\n```\nnpm start\n```\nIs it up? Done.')).toEqual([
      { start: 0, end: 7, text: 'Run it:', kind: 'statement' },
      { start: 12, end: 21, text: 'npm start', kind: 'code' },
      { start: 26, end: 35, text: 'Is it up?', kind: 'question' },
      { start: 36, end: 41, text: 'Done.', kind: 'statement' },
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
        for (const { start, end, text: quote } of quotesOf(text)) expect(text.slice(start, end)).toBe(quote);
      }),
    );
  });
});

describe('generatedSpans', () => {
  it('are from a start to the next end of its name; what nothing ends, and what lies within, is none', () => {
    const text = [
      '<!-- lost:start -->',
      '<!-- a:start -->',
      '<!-- b:start -->',
      'made',
      '<!-- b:end -->',
      '<!-- a:end -->',
      '<!-- a:end -->',
      'written <!-- a:start -->',
      '<!-- b:start -->',
      '<!-- b:end -->',
    ].join('\n');
    expect(generatedSpans(text).map(({ start, end }) => text.slice(start, end).split('\n').length)).toEqual([5, 2]);
    expect(generatedSpans(text)[0]?.start).toBe(text.indexOf('<!-- a:start -->'));
  });
});

describe('what anybody may bring', () => {
  it.each([
    ['starts that nothing ends', (n: number) => '<!-- a:start -->\n'.repeat(n / 17)],
    ['a mark and a long gap', (n: number) => `a **b${' '.repeat(n)}c`],
    ['lines of nothing', (n: number) => `a${' \n'.repeat(n / 2)}b`],
  ])('takes no longer than its length: %s', (_, made) => {
    const [once, long] = [made(64_000), made(512_000)];
    const read = (text: string) => () => {
      generatedSpans(text);
      quotesOf(text);
      quotesOf(text, 'text');
    };
    expect(growthOf({ small: read(once), large: read(long), enough: 24 })).toBeLessThan(24);
  });
});
