// Files as rows of a tree, and a unified difference as lines to be shown.
import type { FileChange } from '../project.js';

export interface Row {
  readonly key: string;
  readonly name: string;
  readonly depth: number;
  /** Undefined: a folder. */
  readonly file?: FileChange;
}

/** Folders before files, each by name, as file managers have them. */
export function treeRows(files: readonly FileChange[], depth = 0, folder = ''): Row[] {
  const inside = files.filter(({ path }) => path.startsWith(folder));
  const rest = (path: string): string => path.slice(folder.length);
  const folders = new Set(inside.flatMap(({ path }) => /^[^/]+\//.exec(rest(path))?.[0] ?? []));
  const plain = inside.filter(({ path }) => !rest(path).includes('/'));
  return [
    ...[...folders]
      .sort()
      .flatMap((name): Row[] => [
        { key: `${folder}${name}`, name: name.slice(0, -1), depth },
        ...treeRows(inside, depth + 1, `${folder}${name}`),
      ]),
    ...plain
      .toSorted((one, other) => (one.path < other.path ? -1 : 1))
      .map((file) => ({ key: file.path, name: rest(file.path), depth, file })),
  ];
}

export interface DifferenceLine {
  readonly key: number;
  readonly look: 'plain' | 'added' | 'removed' | 'place';
  readonly text: string;
}

const LOOKS: Readonly<Record<string, DifferenceLine['look']>> = { '+': 'added', '-': 'removed', '@': 'place' };

/** A file that is all new is shown as it will be, without signs. */
export function differenceLines({
  change,
  difference = '',
}: Pick<FileChange, 'change' | 'difference'>): DifferenceLine[] {
  const first = difference.indexOf('@@');
  const lines = (first === -1 ? difference : difference.slice(first)).replace(/\n$/, '').split('\n');
  if (change !== 'added') return lines.map((text, key) => ({ key, look: LOOKS[text.charAt(0)] ?? 'plain', text }));
  return lines.filter((text) => text.startsWith('+')).map((text, key) => ({ key, look: 'plain', text: text.slice(1) }));
}
