// Passages are exact slices that lose nothing of a document but headings and white space.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK_CHARACTERS_MAX, chunksOf } from './chunking.js';
import { sectionsOf, titleOf } from './headings.js';

const line = fc.oneof(
  fc.constantFrom(
    '',
    '',
    '# One',
    '## Two ##',
    '### ',
    '####### no heading',
    '```',
    '~~~~ sh',
    '    # code',
    '- item',
    '| a | b |',
    'A sentence. Another one.\r',
  ),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.stringMatching(/^[a-z .]{0,400}$/),
  fc.constantFrom('x'.repeat(1_500), '👩‍🚀'.repeat(400), `y${'😀'.repeat(700)}`),
);
const markdown = fc.array(line, { maxLength: 30 }).map((lines) => lines.join('\n'));

describe('chunksOf', () => {
  it('gives exact slices, in order, apart, of bounded size', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        let after = 0;
        for (const chunk of chunksOf({ file: 'a.md', text })) {
          expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
          expect(chunk.text).toBe(chunk.text.trim());
          expect(chunk.start).toBeGreaterThanOrEqual(after);
          expect(chunk.text.length).toBeGreaterThan(0);
          expect(chunk.text.length).toBeLessThanOrEqual(CHUNK_CHARACTERS_MAX);
          after = chunk.end;
        }
      }),
    );
  });

  it('leaves nothing out but headings and white space', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const bare = (part: string): string => part.replace(/\s/g, '');
        const bodies = sectionsOf(text).map(({ start, end }) => bare(text.slice(start, end)));
        expect(
          bare(
            chunksOf({ file: 'a.md', text })
              .map((chunk) => chunk.text)
              .join(''),
          ),
        ).toBe(bodies.join(''));
      }),
    );
  });

  it('never cuts a character in two', () => {
    const text = `a${'😀'.repeat(2_000)}`;
    const chunks = chunksOf({ file: 'a.md', text });
    expect(chunks.length).toBeGreaterThan(3);
    for (const chunk of chunks) expect(chunk.text.isWellFormed()).toBe(true);
  });

  it('names the headings above a passage', () => {
    const text =
      'intro\n\n# Lab\n\nabout\n\n## Roles\n\nroles\n\n### Citizen\n\nreads\n\n## Tokens ##\n\ntokens\n\n# End\n\nlast';
    const found = chunksOf({ file: 'a.md', text }).map(({ heading, text: body }) => `${heading}: ${body}`);
    expect(found).toEqual([
      'a.md: intro',
      'Lab: about',
      'Lab > Roles: roles',
      'Lab > Roles > Citizen: reads',
      'Lab > Tokens: tokens',
      'End: last',
    ]);
  });

  it('takes a comment in code for code', () => {
    const text = '# Start\n\n```sh\n# not a heading\nnpm start\n```\n\n``` inline ``` code\n\n## Next\n\nmore';
    expect(chunksOf({ file: 'a.md', text }).map(({ heading }) => heading)).toEqual(['Start', 'Start > Next']);
  });

  it('cuts long sections between paragraphs', () => {
    const paragraph = `${'Words of one paragraph. '.repeat(12).trim()}`;
    const chunks = chunksOf({ file: 'a.md', text: Array.from({ length: 12 }, () => paragraph).join('\n\n') });
    expect(chunks.length).toBeGreaterThan(2);
    for (const chunk of chunks) expect(chunk.text.endsWith('paragraph.')).toBe(true);
  });
});

describe('a long table', () => {
  it('is cut between rows', () => {
    const row = '| Brineseal of the roughing pump | 400 h |';
    const text = `| part | life |\n| --- | --- |\n${`${row}\n`.repeat(100)}`;
    const chunks = chunksOf({ file: 'a.md', text });
    expect(chunks.length).toBeGreaterThan(3);
    for (const chunk of chunks) expect([chunk.text.at(0), chunk.text.at(-1)]).toEqual(['|', '|']);
  });
});

describe('titleOf', () => {
  it('is the first heading of the first level, or the file', () => {
    expect(titleOf({ file: 'a.md', text: '```\n# no\n```\n## Two\n# The lab #\n# Later' })).toBe('The lab');
    expect(titleOf({ file: 'a.md', text: '## Two' })).toBe('a.md');
  });
});
