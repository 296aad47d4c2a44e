// The modules of a project: each file with code, and what its code says of itself. Cells of a notebook are one module.
import { setImmediate as othersTurn } from 'node:timers/promises';
import { type CodePiece, codeOf, isTest } from '../../rules/project/code.js';
import type { Project, TextFile } from '../../rules/project/project.js';
import type { Place } from '../statement.js';
import { type CodeFacts, noFacts, type Span } from './code-facts.js';
import { type Parsed, type Patience, treeOf } from './code-tree.js';
import { pythonFacts } from './python-facts.js';
import { scriptFacts } from './script-facts.js';

export interface Module {
  readonly file: TextFile;
  readonly language: Parsed;
  readonly lines: number;
  readonly facts: CodeFacts;
  readonly isTest: boolean;
  readonly isNotebook: boolean;
  /** Where in its file something of its code stands. */
  readonly at: (span: Span) => Place;
}

export interface ReadModules {
  readonly modules: readonly Module[];
  /** Files that nobody parsed: too long, or no time was left. */
  readonly left: readonly string[];
}

/** Longer code was made by a program. */
const CHARACTERS_MAX = 512 * 1024;
/** For one file. */
const FILE_MS = 3_000;

export interface Reading {
  /** How long all of it may take, milliseconds. */
  readonly withinMs: number;
  readonly signal?: AbortSignal | undefined;
}

export async function modulesOf(project: Project, { withinMs, signal }: Reading): Promise<ReadModules> {
  const until = performance.now() + withinMs;
  const modules: Module[] = [];
  const left: string[] = [];
  for (const [file, pieces] of grouped(codeOf(project))) {
    await othersTurn();
    signal?.throwIfAborted();
    const language = pieces[0]?.language;
    if (language === undefined || language === 'shell') continue;
    const now = performance.now();
    const patience = { until: Math.min(until, now + FILE_MS), signal };
    const read =
      now > until || file.text.length > CHARACTERS_MAX
        ? undefined
        : await moduleOf(file, language, { pieces, patience });
    if (read === undefined) left.push(file.path);
    else modules.push(read);
  }
  return { modules, left };
}

async function moduleOf(
  file: TextFile,
  language: Parsed,
  { pieces, patience }: { readonly pieces: readonly CodePiece[]; readonly patience: Patience },
): Promise<Module | undefined> {
  const rows = pieces.flatMap(({ lines }) => lines);
  const text = rows.map((row) => row.text).join('\n');
  const starts = [0];
  for (const row of rows) starts.push((starts.at(-1) ?? 0) + row.text.length + 1);
  const lineOf = (offset: number): number => rows[rowAt(starts, offset)]?.line ?? 1;
  const tree = await treeOf({ path: file.path, language, text }, patience);
  if (tree === undefined) return undefined;
  const facts =
    text.trim() === '' ? noFacts() : language === 'python' ? pythonFacts(text, tree) : scriptFacts(text, tree);
  return {
    file,
    language,
    lines: rows.length,
    facts,
    isTest: isTest(file.path),
    isNotebook: file.path.endsWith('.ipynb'),
    at: ({ from, to }) => ({ file, from: lineOf(from), to: lineOf(Math.max(from, to - 1)) }),
  };
}

/** The last row that begins at the offset or before it. */
function rowAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** By their files, in the order in which they came. */
function grouped(pieces: readonly CodePiece[]): Map<TextFile, CodePiece[]> {
  const groups = new Map<TextFile, CodePiece[]>();
  for (const piece of pieces) {
    const group = groups.get(piece.file);
    if (group === undefined) groups.set(piece.file, [piece]);
    else group.push(piece);
  }
  return groups;
}
