// Facts of Python code, from its syntax tree. Nothing is run.
import type { SyntaxNode, SyntaxNodeRef, Tree } from '@lezer/common';
import { type CodeFacts, factsIn, firstSentenceOf, type Visits, type Walk } from './code-facts.js';

const ENVIRONMENT = /^(?:os\.)?environ$/;
const READING = /^(?:os\.)?(?:environ\.get|getenv)$/;
const MAIN = /^if\s+__name__\s*==\s*["']__main__["']/;
const IMPORT_BY_NAME = /^(?:importlib\.)?import_module$|^__import__$/;

/** The text in a literal of Python, without its quotes and prefix. */
const literal = (text: string): string => text.replace(/^[A-Za-z]*("""|'''|"|')/, '').replace(/("""|'''|"|')$/, '');

const slice = ({ text }: Pick<Walk, 'text'>, node: { readonly from: number; readonly to: number }): string =>
  text.slice(node.from, node.to);

export function pythonFacts(text: string, tree: Tree): CodeFacts {
  const facts = factsIn(text, tree, VISITS);
  const doc = docOf(text, tree.topNode.firstChild);
  return doc === undefined ? facts : { ...facts, doc };
}

const VISITS: Visits = {
  ImportStatement: importStatement,
  FunctionDefinition: definition,
  ClassDefinition: definition,
  MemberExpression: member,
  CallExpression: call,
  IfStatement: (walk, { from, to }) => {
    if (MAIN.test(walk.text.slice(from, from + 60))) walk.facts.main ??= { from, to };
  },
  String: (walk, { from, to }) => {
    if (to - from <= 300) walk.facts.texts.push({ name: literal(walk.text.slice(from, to)), from, to });
  },
};

/** The text that a module, function or class begins with. */
function docOf(text: string, first: SyntaxNode | null): { name: string; from: number; to: number } | undefined {
  let statement = first;
  while (statement?.name === 'Comment' || statement?.name === ':') statement = statement.nextSibling;
  const written = statement?.name === 'ExpressionStatement' ? statement.getChild('String') : null;
  if (!written) return undefined;
  return { name: firstSentenceOf(literal(slice({ text }, written))), from: written.from, to: written.to };
}

function importStatement(walk: Walk, { from, to }: SyntaxNodeRef): void {
  const written = walk.text.slice(from, to).replace(/#[^\n]*/g, '');
  const taken = (list: string): string[] =>
    list
      .replace(/[()\\]/g, ' ')
      .split(',')
      .map((one) => one.trim().split(/\s+/)[0] ?? '')
      .filter((one) => one !== '');
  const [, module, list] = /^from\s+([\w.]*)\s+import\s+([\s\S]+)$/.exec(written) ?? [];
  if (module !== undefined && list !== undefined) {
    walk.facts.imports.push({ name: module.trim(), names: taken(list), from, to });
    return;
  }
  for (const name of taken(written.replace(/^import\s+/, ''))) walk.facts.imports.push({ name, names: [], from, to });
}

function definition(walk: Walk, { node }: SyntaxNodeRef): void {
  const named = node.getChild('VariableName');
  if (named === null) return;
  const name = slice(walk, named);
  const { from } = node;
  const around = node.parent?.name === 'DecoratedStatement' ? node.parent.parent : node.parent;
  if (node.name === 'FunctionDefinition' && name.startsWith('test'))
    walk.facts.tests.push({ name, from, to: named.to });
  else if (around?.name === 'Script' && !name.startsWith('_')) walk.facts.exports.push({ name, from, to: named.to });
}

/** `os.environ["NAME"]`; by another name than a text it is only told that something is read. */
function member(walk: Walk, { node }: SyntaxNodeRef): void {
  const base = node.firstChild;
  const key = base?.nextSibling;
  if (!base || key?.name !== '[' || !ENVIRONMENT.test(slice(walk, base))) return;
  const written = key.nextSibling;
  const { from, to } = node;
  if (written?.name === 'String') walk.facts.environment.push({ name: literal(slice(walk, written)), from, to });
  else walk.facts.computed.variables.push({ from, to });
}

function call(walk: Walk, { node }: SyntaxNodeRef): void {
  const callee = node.firstChild;
  const given = node.getChild('ArgList');
  if (callee === null || given === null || callee.to - callee.from > 200) return;
  const name = slice(walk, callee).replace(/\s+/g, '');
  const first = given.firstChild?.nextSibling;
  const text = first?.name === 'String' ? literal(slice(walk, first)) : undefined;
  const { from, to } = node;
  if (READING.test(name)) {
    if (text === undefined) walk.facts.computed.variables.push({ from, to });
    else {
      const second = first?.nextSibling?.nextSibling;
      const fallback = second && second.name !== ')' ? { fallback: slice(walk, second) } : {};
      walk.facts.environment.push({ name: text, ...fallback, from, to });
    }
    return;
  }
  if (IMPORT_BY_NAME.test(name)) {
    if (text === undefined) walk.facts.computed.modules.push({ from, to });
    else walk.facts.imports.push({ name: text, names: [], from, to });
    return;
  }
  walk.facts.calls.push({ name, ...(text === undefined ? {} : { text }), from: callee.from, to: callee.to });
}
