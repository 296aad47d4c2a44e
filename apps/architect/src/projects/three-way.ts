// What becomes of a project when its template changes: the template before, the template now, and the project as it is. Whatever only
// its user changed stays; what only the template changed comes; lines that both changed are marked. Pure: it reads and writes nothing.
import { byPath, type ProjectFile, sameFile, textOf } from '@labmesh/projects';
import { diff3Merge } from 'node-diff3';

export type MergeKind = 'added' | 'changed' | 'removed' | 'mode' | 'kept' | 'conflict';

export interface MergedFile {
  readonly path: string;
  readonly kind: MergeKind;
  readonly before: ProjectFile | undefined;
  /** Undefined: it is not there. */
  readonly after: ProjectFile | undefined;
  readonly note?: string;
}

export interface Merge {
  /** All files of the project afterwards, by path. */
  readonly files: readonly ProjectFile[];
  /** What is to be told: what changes, what was kept against the template, what is in conflict. */
  readonly told: readonly MergedFile[];
}

export interface Sides {
  readonly base: readonly ProjectFile[];
  readonly theirs: readonly ProjectFile[];
  readonly mine: readonly ProjectFile[];
  /** How the template's side of a conflict is called. */
  readonly label: string;
  /** Files that are the lab's own: they come as the template has them now. */
  readonly own: (path: string) => boolean;
}

export function mergeProject({ base, theirs, mine, label, own }: Sides): Merge {
  const [was, now, is] = [base, theirs, mine].map((files) => new Map(files.map((file) => [file.path, file])));
  const paths = new Set([...base, ...theirs, ...mine].map(({ path }) => path));
  const files: ProjectFile[] = [];
  const told: MergedFile[] = [];
  for (const path of [...paths].sort()) {
    const three = { b: was?.get(path), t: now?.get(path), m: is?.get(path) };
    const merged = own(path) ? taken(three.m, three.t) : mergeFile(three, label);
    if (merged.after !== undefined) files.push(merged.after);
    if (merged.kind !== 'same') told.push({ ...merged, kind: merged.kind, path, before: three.m });
  }
  return { files: byPath(files), told };
}

interface Three {
  readonly b: ProjectFile | undefined;
  readonly t: ProjectFile | undefined;
  readonly m: ProjectFile | undefined;
}

interface Outcome {
  readonly kind: MergeKind | 'same';
  readonly after: ProjectFile | undefined;
  readonly note?: string;
}

function mergeFile({ b, t, m }: Three, label: string): Outcome {
  if (b !== undefined && t !== undefined && sameFile(b, t)) return { kind: 'same', after: m };
  if (t === undefined) {
    if (b === undefined || m === undefined) return { kind: 'same', after: m };
    if (sameFile(b, inEndings(m, b))) return { kind: 'removed', after: undefined };
    return { kind: 'kept', after: m, note: 'The template does not have it any more; you changed it, so it stays.' };
  }
  if (m === undefined) {
    if (b === undefined) return taken(m, t);
    return { kind: 'kept', after: undefined, note: 'You deleted it, so the template’s change is left out.' };
  }
  return mergeBoth({ b, t, m }, label);
}

/** It is there on both sides, and the template changed or brought it. */
function mergeBoth({ b, t, m }: Three & { t: ProjectFile; m: ProjectFile }, label: string): Outcome {
  const executable =
    b === undefined || m.executable === b.executable
      ? b === undefined
        ? m.executable || t.executable
        : t.executable
      : m.executable;
  const [mine, theirs, base] = [m.bytes, inEndings(t, m).bytes, b === undefined ? undefined : inEndings(b, m).bytes];
  if (equal(mine, theirs) || (base !== undefined && equal(theirs, base))) return ended(m, { ...m, executable });
  if (base !== undefined && equal(mine, base)) return ended(m, { ...m, bytes: theirs, executable });
  const texts = [mine, base ?? Buffer.alloc(0), theirs].map(textOf);
  const [own, before, now] = texts;
  if (own === undefined || before === undefined || now === undefined)
    return { kind: 'conflict', after: { ...m, executable }, note: 'It is no text, and both changed it: yours stays.' };
  const { text, conflicts } = mergeText(own, before, now, label);
  const after = { ...m, bytes: Buffer.from(text), executable };
  if (conflicts === 0) return ended(m, after);
  return {
    kind: 'conflict',
    after,
    note: `${conflicts} ${conflicts === 1 ? 'place' : 'places'} that both changed: look for <<<<<<< in it.`,
  };
}

const ended = (before: ProjectFile, after: ProjectFile): Outcome => ({
  kind: equal(before.bytes, after.bytes) ? (before.executable === after.executable ? 'same' : 'mode') : 'changed',
  after,
});

function taken(mine: ProjectFile | undefined, theirs: ProjectFile | undefined): Outcome {
  if (theirs === undefined) return { kind: mine === undefined ? 'same' : 'removed', after: undefined };
  return mine === undefined ? { kind: 'added', after: theirs } : ended(mine, theirs);
}

/** Line by line, as git does it. */
export function mergeText(
  ...[mine, base, theirs, label]: [mine: string, base: string, theirs: string, label: string]
): { text: string; conflicts: number } {
  let conflicts = 0;
  const end = mine.includes('\r\n') ? '\r\n' : '\n';
  const pieces = diff3Merge(linesOf(mine), linesOf(base), linesOf(theirs), { excludeFalseConflicts: true }).map(
    ({ ok, conflict }) => {
      if (conflict === undefined) return (ok ?? []).join('');
      conflicts += 1;
      const [ours, others] = [conflict.a, conflict.b].map((lines) => closed(lines.join(''), end));
      return `<<<<<<< yours${end}${ours}=======${end}${others}>>>>>>> ${label}${end}`;
    },
  );
  return { text: pieces.join(''), conflicts };
}

/** With the end of each line; the last may have none. */
const linesOf = (text: string): string[] => (text === '' ? [] : text.split(/(?<=\n)/));
const closed = (text: string, end: string): string => (text === '' || text.endsWith('\n') ? text : `${text}${end}`);

/** The file with the line endings of another, where that has Windows' throughout and this has none. */
function inEndings(file: ProjectFile, like: ProjectFile): ProjectFile {
  const [text, other] = [textOf(file.bytes), textOf(like.bytes)];
  if (text === undefined || other === undefined) return file;
  if (endingsOf(other) === 'windows' && endingsOf(text) === 'unix')
    return { ...file, bytes: Buffer.from(text.replaceAll('\n', '\r\n')) };
  if (endingsOf(other) === 'unix' && endingsOf(text) === 'windows')
    return { ...file, bytes: Buffer.from(text.replaceAll('\r\n', '\n')) };
  return file;
}

function endingsOf(text: string): 'windows' | 'unix' | 'mixed' {
  const [all, windows] = [text.match(/\n/g)?.length ?? 0, text.match(/\r\n/g)?.length ?? 0];
  return all === 0 ? 'mixed' : windows === 0 ? 'unix' : windows === all ? 'windows' : 'mixed';
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
