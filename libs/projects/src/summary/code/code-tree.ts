// Syntax trees of code, made in small steps: a large file holds up nobody else. What cannot be parsed is a fault in the tree.
import { setImmediate as othersTurn } from 'node:timers/promises';
import { parser as javascript } from '@lezer/javascript';
import type { Parser, Tree } from '@lezer/common';
import { parser as python } from '@lezer/python';

export type Parsed = 'python' | 'javascript';

const PARSERS: Readonly<Record<Parsed, (path: string) => Parser>> = {
  python: () => python,
  javascript: (path) => javascript.configure({ dialect: dialectOf(path) }),
};

/** `<T>x` is a cast in .ts and an element in .tsx; plain JavaScript may have elements too. */
function dialectOf(path: string): string {
  if (/\.[cm]?ts$/.test(path)) return 'ts';
  return /\.tsx$/.test(path) ? 'ts jsx' : 'jsx';
}

/** How long others wait at most for one step, about. */
const STEP_MS = 8;

export interface Patience {
  /** When it is given up, by `performance.now()`: there are texts for which a grammar takes far longer than for code. */
  readonly until: number;
  readonly signal?: AbortSignal | undefined;
}

/** Undefined when no time is left. Rejects with the signal's reason when nobody waits any more. */
export async function treeOf(
  { path, language, text }: { readonly path: string; readonly language: Parsed; readonly text: string },
  { until, signal }: Patience,
): Promise<Tree | undefined> {
  const parse = PARSERS[language](path).startParse(text);
  let since = performance.now();
  for (;;) {
    const tree = parse.advance();
    if (tree !== null) return tree;
    if (performance.now() - since > STEP_MS) {
      await othersTurn();
      signal?.throwIfAborted();
      since = performance.now();
      if (since > until) return undefined;
    }
  }
}
