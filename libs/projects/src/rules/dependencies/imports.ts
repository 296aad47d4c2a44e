// What code imports, with its place. Text is read, nothing is run.
import { builtinModules } from 'node:module';
import { type CodePiece, codeOf, plainLines } from '../project/code.js';
import type { Project } from '../project/project.js';

export interface Import {
  readonly path: string;
  readonly line: number;
  /** The package of npm, or the first part of Python's module. */
  readonly name: string;
  /** Types only, or what the code can do without. */
  readonly optional: boolean;
}

type Line = { readonly text: string; readonly line: number };

const indentOf = (text: string): number => text.length - text.trimStart().length;

/** Inside `try:` with an ImportError to follow, in that handler, or under TYPE_CHECKING. */
function isOptional(lines: readonly Line[], index: number): boolean {
  let indent = indentOf(lines[index]?.text ?? '');
  for (let at = index - 1; at >= 0 && indent > 0; at -= 1) {
    const { text } = lines[at] as Line;
    if (text.trim() === '' || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    if (/^\s*(except\b.*(ImportError|ModuleNotFoundError)|if\s+(typing\.)?TYPE_CHECKING)/.test(text)) return true;
    if (!/^\s*try\s*:/.test(text)) continue;
    const next = lines.slice(index + 1).find((row) => row.text.trim() !== '' && indentOf(row.text) <= indent);
    if (/^\s*except\b.*(ImportError|ModuleNotFoundError|Exception)|^\s*except\s*:/.test(next?.text ?? '')) return true;
  }
  return false;
}

function inPython(piece: CodePiece): Import[] {
  const lines = plainLines(piece);
  return lines.flatMap(({ text, line }, index) => {
    const [, from] = /^\s*from\s+([A-Za-z_]\w*)[\w.]*\s+import\b/.exec(text) ?? [];
    const [, several = ''] = /^\s*import\s+([\w., ]+)/.exec(text) ?? [];
    const [, named] = /import_module\(\s*["'](\w+)/.exec(text) ?? [];
    const names = [from, named, ...several.split(',').map((name) => /^\s*(\w+)/.exec(name)?.[1])];
    return names
      .filter((name) => name !== undefined)
      .map((name) => ({ path: piece.file.path, line, name, optional: name === named || isOptional(lines, index) }));
  });
}

const SCRIPT =
  /\b(?:import|export)\b(?<types>\s+type\b)?[^'";=()]*?\bfrom\s*["'](?<from>[^"'\n]+)["']|\bimport\s*["'](?<effect>[^"'\n]+)["']|\b(?:import|require|require\.resolve)\(\s*["'](?<call>[^"'\n]+)["']\s*\)/g;

const NODE = new Set(builtinModules);

/** `@scope/name` or `name`; undefined for files, Node's own, and names that only a bundler resolves. */
export function packageOf(specifier: string): string | undefined {
  if (/^[./#~]|^@\/|^[a-z]+:/.test(specifier) || specifier === '') return undefined;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  return NODE.has(specifier) || NODE.has(name) ? undefined : name;
}

/** A text that is a line of code itself (`"import x from 'y'"`) begins with a quote, and is none. */
const isInText = (text: string, at: number): boolean =>
  /["'][^"']*$/.test(text.slice(text.lastIndexOf('\n', at) + 1, at));

function inScript(piece: CodePiece): Import[] {
  const rows = plainLines(piece);
  const text = rows.map((row) => row.text).join('\n');
  return [...text.matchAll(SCRIPT)].flatMap((match) => {
    const { types, from, effect, call } = match.groups ?? {};
    const written = from ?? effect ?? call ?? '';
    const name = packageOf(written);
    if (name === undefined || isInText(text, match.index)) return [];
    const at = text.slice(0, match.index + match[0].lastIndexOf(written)).split('\n').length;
    return [{ path: piece.file.path, line: rows[at - 1]?.line ?? 1, name, optional: types !== undefined }];
  });
}

const known = new WeakMap<Project, Partial<Record<'python' | 'javascript', readonly Import[]>>>();

/** Found once for each project. */
export function importsOf(project: Project, language: 'python' | 'javascript'): readonly Import[] {
  const before = known.get(project) ?? {};
  const found =
    before[language] ??
    codeOf(project)
      .filter((piece) => piece.language === language)
      .flatMap(language === 'python' ? inPython : inScript);
  known.set(project, { ...before, [language]: found });
  return found;
}
