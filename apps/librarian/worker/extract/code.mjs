// What comments and docstrings of source code say, and the symbols that they are about: as Markdown, with no code but the line that
// declares a symbol, or as places in the code.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LANGUAGES, languageOf } from './languages.mjs';
import { MarkdownText, prose } from './markdown.mjs';
import { Refused } from './refused.mjs';

const require = createRequire(import.meta.url);
/** Deeper ones were not written by people. */
const DEPTH_MAX = 500;
const NODES_MAX = 2_000_000;
const SIGNATURE_CHARACTERS_MAX = 300;
/** A symbol in so many others is one of the innermost of these. */
const LEVELS_MAX = 4;

let parser;
const grammars = new Map();

async function parserFor(language) {
  const folder = dirname(require.resolve('@vscode/tree-sitter-wasm'));
  const { Parser, Language } = require('@vscode/tree-sitter-wasm');
  if (parser === undefined) {
    await Parser.init({ locateFile: (file) => join(folder, file) });
    parser = new Parser();
  }
  if (!grammars.has(language.grammar))
    grammars.set(language.grammar, await Language.load(join(folder, `tree-sitter-${language.grammar}.wasm`)));
  parser.setLanguage(grammars.get(language.grammar));
  return parser;
}

export async function fromCode(text, name) {
  const language = languageOfFile(name);
  return { text: written(await symbolsIn(text, language), name, language) };
}

/** Of many files at once, given as JSON: for each its comments, `[start, end, names of the symbols around]`, none where it cannot be read. */
export async function placesOfComments(json) {
  const found = [];
  for (const file of JSON.parse(json)) found.push(await commentsIn(file).catch(() => []));
  return { text: JSON.stringify(found) };
}

async function commentsIn({ name, text }) {
  const symbols = await symbolsIn(text, languageOfFile(name));
  return symbols.flatMap(({ path, says }) => joined(says, text).map(({ start, end }) => [start, end, path]));
}

function languageOfFile(name) {
  const language = LANGUAGES[languageOf(name) ?? ''];
  if (language === undefined) throw new Refused(`no grammar is known for ${name}`);
  return language;
}

async function symbolsIn(text, language) {
  const tree = (await parserFor(language)).parse(text);
  try {
    return documented(tree, language);
  } finally {
    tree.delete();
  }
}

/** Comments on lines that follow each other are one; those that say nothing are none. */
function joined(says, text) {
  const whole = [];
  for (const said of says.filter(saysSomething)) {
    const last = whole.at(-1);
    if (last !== undefined && /^[^\S\n]*\r?\n[^\S\n]*$/.test(text.slice(last.end, said.start))) last.end = said.end;
    else whole.push({ start: said.start, end: said.end });
  }
  return whole;
}

/** What switches tools off or on, and what separates parts with signs, says nothing. */
const saysSomething = ({ text }) =>
  /\p{L}{2}/u.test(text) && !/^(eslint|biome|prettier|ts|noqa|pylint|mypy|type:)/i.test(text);

/** Symbols in the order of the code, each with what is said about it; the first is the file itself. */
function documented(tree, language) {
  const file = { path: [], says: [], signature: '', line: 1 };
  const symbols = [file];
  const open = [{ depth: -1, symbol: file }];
  /** Comments that may be about what comes next. */
  let waiting = [];
  const give = (symbol) => {
    symbol.says.push(...waiting);
    waiting = [];
  };
  for (const { node, depth, shallowest } of nodesOf(tree, language.reads)) {
    while (open.at(-1).depth >= shallowest) {
      give(open.at(-1).symbol);
      open.pop();
    }
    const around = open.at(-1).symbol;
    if (language.comments.has(node.type)) {
      // Those apart from each other, or beside code, are no one comment.
      const [last] = waiting.slice(-1);
      if (last !== undefined && node.startPosition.row > last.row + 1) give(around);
      waiting.push({
        text: commentText(node.text),
        row: node.endPosition.row,
        start: node.startIndex,
        end: node.endIndex,
      });
      continue;
    }
    const docstring = language.docstring?.(node);
    if (docstring !== undefined) around.says.push({ text: docstring, start: node.startIndex, end: node.endIndex });
    const found = language.nameOf(node);
    if (found === undefined) continue;
    const symbol = {
      path: [...around.path, found],
      says: [],
      signature: signatureOf(node),
      line: node.startPosition.row + 1,
    };
    const [last] = waiting.slice(-1);
    if (last !== undefined && node.startPosition.row <= last.row + 1) give(symbol);
    else give(around);
    symbols.push(symbol);
    open.push({ depth, symbol });
  }
  give(open.at(-1).symbol);
  return symbols;
}

/** Every node of these types, those before what is in them, without recursion; and how far up the way led there from the last one. */
function* nodesOf(tree, types) {
  const cursor = tree.walk();
  try {
    for (let nodes = 0, depth = 0, shallowest = 0; ; nodes += 1) {
      if (nodes > NODES_MAX) throw new Refused(`it has more than ${NODES_MAX} parts`);
      if (depth > DEPTH_MAX) throw new Refused(`it is nested more than ${DEPTH_MAX} deep`);
      if (cursor.nodeIsNamed) {
        shallowest = Math.min(shallowest, depth);
        if (types.has(cursor.nodeType)) {
          yield { node: cursor.currentNode, depth, shallowest };
          shallowest = Number.POSITIVE_INFINITY;
        }
      }
      if (cursor.gotoFirstChild()) {
        depth += 1;
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return;
        depth -= 1;
      }
    }
  } finally {
    cursor.delete();
  }
}

/** Without the signs that make it one. */
const commentText = (text) =>
  text
    .replace(/^\/\*+!?|\*+\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*(\/\/[/!]?|#+!?|\*(?!\w))\s?/, '').trimEnd())
    .join('\n')
    .trim();

const signatureOf = (node) => {
  const [line = ''] = node.text.slice(0, SIGNATURE_CHARACTERS_MAX).split(/\{|\n\s*\n|:\s*\n/);
  return line.replace(/\s+/g, ' ').trim();
};

function written(symbols, name, language) {
  const out = new MarkdownText();
  out.heading(1, name);
  let found = 0;
  for (const { path, says, signature, line } of symbols) {
    const said = says.filter(saysSomething);
    if (said.length === 0) continue;
    found += 1;
    if (path.length > 0) {
      out.heading(Math.min(path.length, LEVELS_MAX) + 1, `${path.join('.')}, line ${line}`);
      out.code(signature, language.fence);
    }
    for (const { text } of said) out.block(prose(text));
  }
  if (found === 0) throw new Refused('it has no comment and no docstring');
  return out.toString();
}
