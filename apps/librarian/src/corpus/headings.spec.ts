// Headings as CommonMark has them: which lines are some, their paths, and where sections begin and end to the character.
import { describe, expect, it } from 'vitest';
import { sectionsOf, titleOf } from './headings.js';

/** Each section as "path: text". */
const sections = (text: string): string[] =>
  sectionsOf(text).map(({ path, start, end }) => `${path.join(' > ')}: ${text.slice(start, end).trim()}`);

describe('sectionsOf', () => {
  for (const [name, newline] of [
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ] as const)
    for (const fence of ['```', '~~~', '````', '~~~~~'])
      it(`takes a note in a fence of ${fence} for code, with ${name} and emoji`, () => {
        const inner = fence === '````' ? ['```', '# inner', '```'] : [];
        const lines = [
          '# T 🚀',
          '',
          '👩‍🚀 before',
          `${fence}sh`,
          '# note',
          ...inner,
          fence,
          'after 🔭',
          '## Next',
          'end',
        ];
        const text = lines.join(newline);
        const [, t, next] = sectionsOf(text);
        expect(t).toEqual({
          path: ['T 🚀'],
          start: text.indexOf(newline) + newline.length,
          end: text.indexOf('## Next'),
        });
        expect(next).toEqual({ path: ['T 🚀', 'Next'], start: text.lastIndexOf('end'), end: text.length });
        expect(text.slice(t?.start, t?.end)).toContain('# note');
      });

  it('takes a fence that nothing closes for code to the end', () => {
    expect(sections('# T\n```\n# no\n~~~\n# no')).toEqual([': ', 'T: ```\n# no\n~~~\n# no']);
  });

  it('knows underlined headings, also of two lines, and no rule, list or table for one', () => {
    expect(sections('Title\n=====\none\n\nTwo\nlines\n---\ntwo')).toEqual([
      ': ',
      'Title: one',
      'Title > Two lines: two',
    ]);
    expect(sections('text\n\n---\nmore')).toEqual([': text\n\n---\nmore']);
    expect(sections('- item\n---\n> quoted\n---\n| a |\n---')).toHaveLength(1);
    expect(sections('# T\n---\nx')).toEqual([': ', 'T: ---\nx']);
  });

  it('leaves front matter out', () => {
    const text = '---\r\ntitle: x\r\n# no heading\r\n---\r\n# T\r\nbody';
    expect(sections(text)).toEqual([': ', 'T: body']);
    expect(titleOf({ file: 'a.md', text })).toBe('T');
    expect(sections('---\nno end\n# T\nx')).toEqual([': ---\nno end', 'T: x']);
  });

  it('takes nothing in a block of HTML for a heading', () => {
    expect(sections('# T\n<!--\n# no\n\n# no\n-->\n## Two\n<pre>\n# no\n\n</pre>\n<div>\n# no\n\n# Yes')).toEqual([
      ': ',
      'T: <!--\n# no\n\n# no\n-->',
      'T > Two: <pre>\n# no\n\n</pre>\n<div>\n# no',
      'Yes: ',
    ]);
    expect(sections('<!-- one line -->\n# T')).toEqual([': <!-- one line -->', 'T: ']);
  });
});
