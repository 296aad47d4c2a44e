// What a project does, in parts.
import { expect, it } from 'vitest';
import type { Module, Statement } from '../project.js';
import { foldersOf, languagesText, linesText, sectionsOf } from './summary-text.js';

const statement = (section: Statement['section']): Statement => ({
  section,
  subject: section,
  text: '',
  by: 'rules',
  citations: [],
});
const module = (path: string) => ({ path }) as Module;

it('has sections in the order in which one reads', () => {
  const sections = sectionsOf([statement('run'), statement('purpose'), statement('run')]);
  expect(sections.map(({ title, statements }) => `${title} ${statements.length}`)).toEqual([
    'Purpose 1',
    'How to run it 2',
  ]);
});

it('says where', () => {
  expect(linesText({ file: 'a.py', from: 1, to: 1, text: '' })).toBe('a.py:1');
  expect(linesText({ file: 'a.py', from: 1, to: 3, text: '' })).toBe('a.py:1–3');
});

it('says in which languages', () => {
  expect(languagesText({ languages: [{ language: 'Python', files: 3, lines: 1_200 }] })).toBe(
    'Python (3, 1,200 lines)',
  );
});

it('has modules by their folders', () => {
  const folders = foldersOf([module('src/z.py'), module('main.py'), module('src/a.py')]);
  expect(folders.map(({ folder, modules }) => `${folder}: ${modules.map(({ path }) => path).join(' ')}`)).toEqual([
    ': main.py',
    'src: src/a.py src/z.py',
  ]);
});
