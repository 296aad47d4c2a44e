// Files as a tree, differences as lines.
import { expect, it } from 'vitest';
import type { FileChange } from '../project.js';
import { differenceLines, treeRows } from './file-tree.js';

const file = (path: string): FileChange => ({ path, change: 'added', sha256: null, bytes: 1, executable: false });

it('has folders before files, however they came', () => {
  const rows = treeRows([file('b.txt'), file('src/z/a.py'), file('a.txt'), file('src/main.py')]);
  expect(rows.map(({ depth, name, file: shown }) => `${depth} ${name}${shown ? '' : '/'}`)).toEqual([
    '0 src/',
    '1 z/',
    '2 a.py',
    '1 main.py',
    '0 a.txt',
    '0 b.txt',
  ]);
});

const DIFFERENCE = '--- /dev/null\n+++ b/a\n@@ -0,0 +1,2 @@\n+one\n++two\n';

it('shows a new file as it will be', () => {
  expect(differenceLines({ change: 'added', difference: DIFFERENCE }).map(({ text }) => text)).toEqual(['one', '+two']);
});

it('shows what a change takes and brings', () => {
  const difference = '--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n';
  expect(differenceLines({ change: 'changed', difference }).map(({ look }) => look)).toEqual([
    'place',
    'plain',
    'removed',
    'added',
  ]);
});
