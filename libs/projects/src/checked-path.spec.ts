// Paths that leave their folder, or are another file somewhere, never pass; those that pass stay inside, whatever they are made of.
import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedName, checkedPath, checkedPaths } from './checked-path.js';

describe('a path', () => {
  it.each([
    'README.md',
    'src/train.py',
    '.github/workflows/test.yml',
    'notebooks/01 – look.ipynb'.replace('–', '-'),
    'données/été.csv',
    '数据/観測.csv',
    'a'.repeat(200),
    '.env.example',
    'com/lpt/console.ts',
  ])('%s may be used', (path) => {
    expect(checkedPath(path)).toBe(path);
  });

  it.each([
    ['', 'empty'],
    ['../x', 'leads elsewhere'],
    ['a/../../x', 'leads elsewhere'],
    ['./x', 'leads elsewhere'],
    ['/etc/passwd', 'absolute'],
    ['a//b', 'absolute'],
    ['a/', 'a part of it is empty'],
    ['a\\b', 'U+005C'],
    ['C:/x', 'U+003A'],
    ['x:stream', 'U+003A'],
    ['a\u0000b', 'U+0000'],
    ['a\nb', 'U+000A'],
    ['invoice\u202Efdp.exe', 'U+202E'],
    ['a\u200Bb', 'U+200B'],
    ['a\u2044b', 'U+2044'],
    ['a\u2215b', 'U+2215'],
    ['a\uFF0Fb', 'look like others'],
    ['\u2024\u2024/x', 'look like others'],
    ['e\u0301te\u0301.csv', 'NFC'],
    ['\uD800', 'NFC'],
    ['p\u0430ypal.py', 'mixes alphabets'],
    ['con', 'a device'],
    ['src/NUL.txt', 'a device'],
    ['com1.py', 'a device'],
    ['Lpt9', 'a device'],
    ['name.', 'ends with a dot'],
    ['name ', 'ends with a dot or space'],
    [' name', 'begins with a space'],
    ['.git/config', 'folder of git'],
    ['a/.GIT/hooks/x', 'folder of git'],
    ['GIT~1/config', 'folder of git'],
    ['a'.repeat(1_000), 'more than 200 characters'],
    ['é'.repeat(130), 'more than 255 bytes'],
    ['what?', 'U+003F'],
    ['a|b', 'U+007C'],
  ])('%j is refused: %s', (path, why) => {
    expect(() => checkedPath(path)).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(why) }),
    );
  });

  it('is shown in an error without what a terminal would act on', () => {
    expect(() => checkedPath('\u001b[2J\u202Ex')).toThrow(/^[\x20-\x7e]*$/);
  });

  it('that passes stays in its folder, on every system (property)', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('..', '.', '', 'con', 'NUL.tar.gz', '.git', '~', '-rf', 'a', 'B', '\\', 'C:', '\u202e', '%2e%2e'),
    );
    const path = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, (candidate) => {
        let passed: string;
        try {
          passed = checkedPath(candidate);
        } catch {
          return;
        }
        for (const [system, root] of [
          [posix, '/lab/project'],
          [win32, 'C:\\lab\\project'],
        ] as const) {
          const place = system.resolve(root, passed);
          expect(place.startsWith(`${root}${system.sep}`)).toBe(true);
          expect(system.relative(root, place).split(system.sep).join('/')).toBe(passed);
        }
        expect(passed).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\\:*?"<>|]/u);
        expect(passed.normalize('NFKC')).toBe(passed);
        for (const one of passed.split('/')) expect(one).not.toMatch(/^\.{1,2}$|^\.git$|[. ]$/i);
      }),
      { numRuns: 400 },
    );
  });
});

describe('several paths', () => {
  it.each([
    [['README.md', 'readme.md']],
    [['Straße.md', 'STRASSE.MD']],
    [['a', 'a/b']],
    [['A', 'a/b']],
    [['copy.py', 'со\u0440у.py'.replace('.py', '')].map((path) => path.replace('.py', ''))],
    [['x.txt', 'x.txt']],
  ])('%j are one somewhere', (paths) => {
    expect(() => checkedPaths(paths)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  it('pass when each is its own', () => {
    expect(() => checkedPaths(['a/b', 'a/c', 'ab', 'b/a', 'ñ', 'n'])).not.toThrow();
  });
});

it('a name is one part', () => {
  expect(checkedName('flare-study')).toBe('flare-study');
  expect(() => checkedName('a/b')).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});
