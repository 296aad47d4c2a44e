// Program text of a project: files and cells of notebooks, with what is only text in them blanked out. Lines stay where they are.
import type { Project, TextFile } from './project.js';

export type Language = 'python' | 'javascript' | 'shell';

export interface CodePiece {
  readonly file: TextFile;
  readonly language: Language;
  /** As written. */
  readonly lines: readonly { readonly text: string; readonly line: number }[];
}

const LANGUAGES: readonly [RegExp, Language][] = [
  [/\.pyi?$/, 'python'],
  [/\.([cm]?[jt]sx?)$/, 'javascript'],
  [/\.(sh|bash)$/, 'shell'],
];

const GENERATED = /(^|\/)(node_modules|dist|build|\.venv|venv|vendor)\//;

/** Tests, which may read what they set themselves. */
export const isTest = (path: string): boolean =>
  /(^|\/)(tests?|__tests__|e2e|test-data|testdata|fixtures)\/|(^|\/)(test_[^/]+|conftest|[^/]+_test)\.py$|\.(spec|test|testing)\.[cm]?[jt]sx?$/.test(
    path,
  );

interface Cell {
  readonly cell_type?: unknown;
  readonly source?: unknown;
}

/** The cells with code of a notebook; magics of IPython are no Python and left out. */
function cellsOf(file: TextFile): CodePiece[] {
  const { document } = file;
  const { cells } = (document?.value ?? {}) as { cells?: unknown };
  if (document === undefined || !Array.isArray(cells)) return [];
  return (cells as Cell[]).flatMap((cell, index) => {
    if (cell?.cell_type !== 'code') return [];
    const rows = Array.isArray(cell.source) ? cell.source : String(cell.source ?? '').split('\n');
    const whole = !Array.isArray(cell.source);
    const lines = rows.map((row, at) => ({
      text: String(row)
        .replace(/\n$/, '')
        .replace(/^\s*[%!?].*/, ''),
      line: document.lineOf(['cells', index, 'source', ...(whole ? [] : [at])]),
    }));
    return String(rows[0] ?? '').startsWith('%%') ? [] : [{ file, language: 'python' as const, lines }];
  });
}

const known = new WeakMap<Project, readonly CodePiece[]>();

export function codeOf(project: Project): readonly CodePiece[] {
  const before = known.get(project);
  if (before !== undefined) return before;
  const found = project.texts.flatMap((file): CodePiece[] => {
    if (GENERATED.test(file.path)) return [];
    if (file.path.endsWith('.ipynb')) return cellsOf(file);
    const language = LANGUAGES.find(([pattern]) => pattern.test(file.path))?.[1];
    if (language === undefined) return [];
    return [{ file, language, lines: file.lines.map((text, index) => ({ text, line: index + 1 })) }];
  });
  known.set(project, found);
  return found;
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** Comments and long texts of Python as blanks. */
export const plainPython = (text: string): string =>
  text.replace(/("""|''')[\s\S]*?(\1|$)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*/g, (piece) =>
    piece.startsWith('#') || piece.startsWith('"""') || piece.startsWith("'''") ? blank(piece) : piece,
  );

/** Comments and templates of JavaScript and TypeScript as blanks. */
export const plainScript = (text: string): string =>
  text.replace(
    /\/\*[\s\S]*?(\*\/|$)|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`/g,
    (piece) => (piece.startsWith('/') || piece.startsWith('`') ? blank(piece) : piece),
  );

/** A piece's text without what is no code, line by line. */
export function plainLines({ language, lines }: CodePiece): { text: string; line: number }[] {
  const text = lines.map((row) => row.text).join('\n');
  const plain = language === 'python' ? plainPython(text) : language === 'javascript' ? plainScript(text) : text;
  return plain.split('\n').map((row, index) => ({ text: row, line: lines[index]?.line ?? 1 }));
}
