// Secrets in files: by their form, by the name they are assigned to, and in what notebooks printed. No finding repeats one.
import { codeOf } from '../project/code.js';
import type { Project, TextFile } from '../project/project.js';
import { isEnvironment, LOCKS } from '../project/settings-of.js';
import type { Found, Rule } from '../rule.js';
import { assignedIn, SECRET_KINDS } from './secret-patterns.js';

const family = 'Secrets';
const ROTATE =
  'Take it out, put it where only the environment has it (.env names a file outside the project), and make a new one: whoever saw this file has the old.';

/** An environment file that git does not take is where secrets belong. */
const isForSecrets = (project: Project, { path }: TextFile): boolean =>
  isEnvironment(path) && !/example|sample|template/.test(path) && project.ignores(path);

interface Leak {
  readonly line: number;
  readonly what: string;
}

const known = new WeakMap<TextFile, readonly Leak[]>();

/** By line. Found once for each file, in its whole text: a pattern at a time is far faster than a line at a time. */
function leaksIn(file: TextFile): readonly Leak[] {
  const before = known.get(file);
  if (before !== undefined) return before;
  const found = SECRET_KINDS.flatMap(({ what, pattern, holds }) =>
    [...file.text.matchAll(pattern)]
      .filter((match) => holds?.(match) ?? true)
      .map(({ index }) => ({ line: file.lineAt(index), what })),
  );
  const told = new Map(found.map((leak) => [`${leak.line} ${leak.what}`, leak]));
  const leaks = [...told.values()].toSorted((one, other) => one.line - other.line);
  known.set(file, leaks);
  return leaks;
}
const leakyLines = (file: TextFile): ReadonlySet<number> => new Set(leaksIn(file).map(({ line }) => line));

const inFile: Rule = {
  id: 'secret-in-file',
  family,
  severity: 'error',
  title: 'A key, token, private key or password stands in a file',
  *look(project) {
    for (const file of project.texts) {
      if (isForSecrets(project, file)) continue;
      const leaks = leaksIn(file);
      const outputs = leaks.length === 0 ? new Set() : outputLines(file);
      for (const { line, what } of leaks.filter((leak) => !outputs.has(leak.line)))
        yield { path: file.path, line, message: `This line holds ${what}.`, remedy: ROTATE };
    }
  },
};

const BARE = /\.(ya?ml|toml|ini|cfg|conf|properties)$|(^|\/)Dockerfile/;
/** What is longer was written by a program. */
const LINE_MAX = 2_000;
const UNASKED = /\.(md|rst|txt|svg|csv|tsv|html|ipynb|css)$/;

const assigned: Rule = {
  id: 'secret-assigned',
  family,
  severity: 'warning',
  title: 'Something called a password, token or key is given a random value',
  *look(project) {
    for (const file of project.texts) {
      if (UNASKED.test(file.path) || LOCKS.test(file.path) || isForSecrets(project, file)) continue;
      const bare = BARE.test(file.path) || isEnvironment(file.path);
      const leaky = leakyLines(file);
      for (const [index, line] of file.lines.entries())
        if (line.length <= LINE_MAX && !leaky.has(index + 1))
          yield* assignedOn(file.path, index + 1, assignedIn(line, bare));
    }
    for (const { file, lines } of codeOf(project).filter((piece) => piece.file.path.endsWith('.ipynb')))
      for (const { text, line } of lines)
        if (!leakyLines(file).has(line)) yield* assignedOn(file.path, line, assignedIn(text, false));
  },
};
const assignedOn = (path: string, line: number, names: readonly string[]): Found[] =>
  names.map((name) => ({ path, line, message: `${name} is given a value that looks like a secret.`, remedy: ROTATE }));

interface Notebook {
  readonly cells?: readonly { readonly outputs?: readonly unknown[] }[];
}

/** Lines of a notebook that are outputs of its cells. */
function outputLines(file: TextFile): ReadonlySet<number> {
  const { cells } = (file.path.endsWith('.ipynb') ? (file.document?.value ?? {}) : {}) as Notebook;
  if (!Array.isArray(cells) || file.document === undefined) return new Set();
  const lines = new Set<number>();
  for (const [index, cell] of cells.entries()) {
    if (!Array.isArray(cell?.outputs) || cell.outputs.length === 0) continue;
    const start = file.document.lineOf(['cells', index, 'outputs']);
    const end = file.document.endOf?.(['cells', index, 'outputs']) ?? start;
    for (let line = start; line <= end; line += 1) lines.add(line);
  }
  return lines;
}

const inOutput: Rule = {
  id: 'secret-in-output',
  family,
  severity: 'error',
  title: 'A notebook printed a secret, and keeps it among its outputs',
  *look(project) {
    for (const file of project.named(/\.ipynb$/)) {
      const leaks = leaksIn(file);
      const outputs = leaks.length === 0 ? new Set() : outputLines(file);
      for (const { line, what } of leaks.filter((leak) => outputs.has(leak.line)))
        yield {
          path: file.path,
          line,
          message: `An output of a cell holds ${what}.`,
          remedy: `Clear the outputs of the notebook (jupyter nbconvert --clear-output --inplace ${file.path}). ${ROTATE}`,
        };
    }
  },
};

export const leakedRules: readonly Rule[] = [inFile, assigned, inOutput];
