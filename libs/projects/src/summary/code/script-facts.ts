// Facts of JavaScript and TypeScript code, from its syntax tree. Nothing is run.
import type { SyntaxNodeRef, Tree } from '@lezer/common';
import { type CodeFacts, factsIn, firstSentenceOf, type Visits, type Walk } from './code-facts.js';

const READ = /^(?:process\.env|import\.meta\.env|(?:[\w$]+\.)*env)(?:\.([A-Z_][A-Z0-9_]*)|\[\s*["'](\w+)["']\s*\])$/;
const COMPUTED = /^(?:process\.env|import\.meta\.env)\[/;
const TAKEN_APART = /\{([^{}]*)\}\s*=\s*(?:process|import\.meta)\.env\b/;
const DECLARED =
  /^export\s+(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\s*\*?|class|const\s+enum|const|let|var|interface|type|enum|namespace)\s+([\w$]+)/;
const TEST = /^(?:it|test)(?:\.\w+)*$/;

const literal = (text: string): string => text.slice(1, -1);

export function scriptFacts(text: string, tree: Tree): CodeFacts {
  const facts = factsIn(text, tree, VISITS);
  const doc = docOf(text);
  return doc === undefined ? facts : { ...facts, doc };
}

const VISITS: Visits = {
  ImportDeclaration: fromOther,
  ExportDeclaration: (walk, node) => {
    if (node.node.getChild('String') === null) exported(walk, node);
    else fromOther(walk, node);
  },
  DynamicImport: fromOther,
  MemberExpression: member,
  VariableDeclaration: takenApart,
  CallExpression: call,
  NewExpression: call,
  String: text,
  TemplateString: text,
};

/** The comment that a file begins with; a line for the shell may stand above it. */
function docOf(text: string): { name: string; from: number; to: number } | undefined {
  const shell = /^#![^\n]*/.exec(text)?.[0].length ?? 0;
  const from = shell + Math.max(0, text.slice(shell).search(/\S/));
  const comment = /^(?:(?:[ \t]*\/\/[^\n]*\n?)+|\/\*[\s\S]*?\*\/)/.exec(text.slice(from))?.[0];
  if (comment === undefined) return undefined;
  const words = comment.replace(/^[ \t]*(\/\/+|\/\*+|\*+\/|\*)[ \t]?/gm, '').replace(/\*\/\s*$/, '');
  if (/^\s*(eslint|@ts-|prettier|biome|global |istanbul)/.test(words) || words.trim() === '') return undefined;
  return { name: firstSentenceOf(words), from, to: from + comment.trimEnd().length };
}

function fromOther({ text: whole, facts }: Walk, { node, from, to }: SyntaxNodeRef): void {
  const written = node.getChild('String');
  if (written === null) facts.computed.modules.push({ from, to });
  else facts.imports.push({ name: literal(whole.slice(written.from, written.to)), names: [], from, to });
}

function exported({ text: whole, facts }: Walk, { node, from, to }: SyntaxNodeRef): void {
  const group = node.getChild('ExportGroup');
  if (group !== null) {
    for (const one of whole.slice(group.from + 1, group.to - 1).split(',')) {
      const name = one.trim().split(/\s+/).at(-1) ?? '';
      if (name !== '') facts.exports.push({ name, from, to });
    }
    return;
  }
  const head = whole.slice(from, Math.min(to, from + 400));
  const name = DECLARED.exec(head)?.[1] ?? (/^export\s+default\b/.test(head) ? 'default' : undefined);
  if (name !== undefined) facts.exports.push({ name, from, to: Math.min(to, from + head.indexOf(name) + name.length) });
}

function member({ text: whole, facts }: Walk, { from, to }: SyntaxNodeRef): void {
  if (to - from > 120) return;
  const written = whole.slice(from, to).replace(/\s+/g, '').replaceAll('?.', '.');
  const [, plain, inBrackets] = READ.exec(written) ?? [];
  const name = plain ?? inBrackets;
  if (name === undefined) {
    if (COMPUTED.test(written)) facts.computed.variables.push({ from, to });
    return;
  }
  const fallback = /^\s*(?:\?\?|\|\|)\s*([^;,)\n]+)/.exec(whole.slice(to, to + 120))?.[1]?.trim();
  facts.environment.push({ name, ...(fallback === undefined ? {} : { fallback }), from, to });
}

/** The environment, taken apart into names with defaults. */
function takenApart({ text: whole, facts }: Walk, { from, to }: SyntaxNodeRef): void {
  const [, members] = TAKEN_APART.exec(whole.slice(from, Math.min(to, from + 600))) ?? [];
  for (const one of (members ?? '').split(',')) {
    const [, name, fallback] = /^\s*([A-Za-z_]\w*)\s*(?::[^=]*)?(?:=\s*(.+?))?\s*$/.exec(one) ?? [];
    if (name !== undefined) facts.environment.push({ name, ...(fallback === undefined ? {} : { fallback }), from, to });
  }
}

function call({ text: whole, facts }: Walk, { node, from, to }: SyntaxNodeRef): void {
  const made = node.name === 'NewExpression';
  const callee = made ? (node.firstChild?.nextSibling ?? null) : node.firstChild;
  if (callee === null || callee.to - callee.from > 200) return;
  const name = whole.slice(callee.from, callee.to).replace(/\s+/g, '');
  const first = node.getChild('ArgList')?.firstChild?.nextSibling;
  const given = first?.name === 'String' ? literal(whole.slice(first.from, first.to)) : undefined;
  if (name === 'require') {
    if (given === undefined) facts.computed.modules.push({ from, to });
    else facts.imports.push({ name: given, names: [], from, to });
    return;
  }
  if (TEST.test(name) && given !== undefined) facts.tests.push({ name: given, from, to: first?.to ?? to });
  facts.calls.push({
    name: made ? `new ${name}` : name,
    ...(given === undefined ? {} : { text: given }),
    from: callee.from,
    to: callee.to,
  });
}

function text({ text: whole, facts }: Walk, { from, to }: SyntaxNodeRef): void {
  if (to - from <= 300) facts.texts.push({ name: literal(whole.slice(from, to)), from, to });
}
