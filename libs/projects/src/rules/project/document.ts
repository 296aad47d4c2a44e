// Configuration as a value with places: which line holds what. Reads JSON (with comments where allowed), YAML and TOML; refuses nothing,
// as what is wrong in a file is a finding, never an error.
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { parse as parseToml, TomlError } from 'smol-toml';
import { isAlias, LineCounter, parseAllDocuments } from 'yaml';

export type Step = string | number;

export interface Document {
  /** Undefined when the file cannot be read. */
  readonly value: unknown;
  readonly faults: readonly { readonly line: number; readonly message: string }[];
  /** Of what stands there, or of what it would stand in. */
  readonly lineOf: (path: readonly Step[]) => number;
  /** The last line of it; JSON only. */
  readonly endOf?: (path: readonly Step[]) => number;
}

const lineAt = (text: string, offset: number): number => {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
};

/** The longest part of a path that `find` knows. */
function nearest<T>(path: readonly Step[], find: (path: readonly Step[]) => T | undefined): T | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const found = find(path.slice(0, length));
    if (found !== undefined) return found;
  }
  return undefined;
}

const WORDS = (code: string): string => code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

export const readJson = (text: string, comments: boolean): Document =>
  notTooDeep(text.replace(/"(?:[^"\\\n]|\\.)*"/g, ''), () => jsonOf(text, comments));

/** Nobody's configuration has as many. */
const LEVELS_MAX = 1_000;

/**
 * Parsers call themselves for each level, and what overflows the stack may end the process instead of being thrown: where it happens
 * while V8 compiles a regular expression, nothing catches it. So levels are counted before. A level of YAML takes a column or a bracket.
 */
function isTooDeep(text: string): boolean {
  if (new RegExp(`^[ \\t?:-]{${LEVELS_MAX}}`, 'm').test(text)) return true;
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > LEVELS_MAX) return true;
  }
  return false;
}

function notTooDeep(levels: string, read: () => Document): Document {
  const tooDeep = {
    value: undefined,
    faults: [{ line: 1, message: 'it is nested too deeply' }],
    lineOf: () => 1,
  };
  if (isTooDeep(levels)) return tooDeep;
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return tooDeep;
    throw error;
  }
}

function jsonOf(text: string, comments: boolean): Document {
  const errors: ParseError[] = [];
  const options = { disallowComments: !comments, allowTrailingComma: comments, allowEmptyContent: false };
  const tree = parseTree(text, errors, options);
  const faults = errors
    .slice(0, 1)
    .map(({ error, offset }) => ({ line: lineAt(text, offset), message: WORDS(printParseErrorCode(error)) }));
  const starts = lineStarts(text);
  return {
    value: tree === undefined || faults.length > 0 ? undefined : plainOf(tree),
    faults,
    lineOf: (path) => {
      const node = tree && nearest(path, (steps) => findNodeAtLocation(tree, [...steps]));
      if (node === undefined) return 1;
      const place = node.parent?.type === 'property' ? node.parent.offset : node.offset;
      return lineFromStarts(starts, place);
    },
    endOf: (path) => {
      const node = tree && findNodeAtLocation(tree, [...path]);
      return node === undefined ? 1 : lineFromStarts(starts, node.offset + node.length);
    },
  };
}

/** Like jsonc-parser's getNodeValue, but a member called __proto__ is one like any other. */
function plainOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plainOf);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(
    (node.children ?? []).flatMap(({ children }) =>
      children?.[0] === undefined || children[1] === undefined ? [] : [[children[0].value, plainOf(children[1])]],
    ),
  );
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
function lineFromStarts(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** The first document of a YAML file; anchors that would unfold without end are a fault. */
export const readYaml = (text: string): Document => notTooDeep(text, () => yamlOf(text));

function yamlOf(text: string): Document {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, merge: true });
  const documents = Array.isArray(parsed) ? parsed : [];
  const first = documents[0];
  const faults = documents
    .flatMap(({ errors }) => errors)
    .slice(0, 1)
    .map(({ pos, message }) => ({
      line: lines.linePos(pos[0]).line,
      message: message.split(/ at line |:?\n/)[0] ?? '',
    }));
  let value: unknown;
  try {
    value = faults.length > 0 ? undefined : first?.toJS({ maxAliasCount: 100 });
  } catch {
    faults.push({ line: 1, message: 'its anchors and aliases cannot be unfolded' });
  }
  return {
    value,
    faults,
    lineOf: (path) => {
      const node = first && nearest(path, (steps) => keyOrValue(first, steps));
      return node === undefined ? 1 : lines.linePos(node).line;
    },
  };
}

type YamlDocument = ReturnType<typeof parseAllDocuments>[number];

/** Where the key stands, or the item of a list. */
function keyOrValue(document: YamlDocument, path: readonly Step[]): number | undefined {
  if (path.length === 0) return 0;
  const step = path.at(-1);
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (typeof parent !== 'object' || parent === null || isAlias(parent) || !('items' in parent)) return undefined;
  const items = parent.items as { key?: { value?: unknown; range?: [number] }; range?: [number] }[];
  const item = typeof step === 'number' ? items[step] : items.find(({ key }) => String(key?.value) === step);
  return item?.key?.range?.[0] ?? item?.range?.[0];
}

export const readToml = (text: string): Document => notTooDeep(text, () => tomlOf(text));

function tomlOf(text: string): Document {
  const lines = text.split('\n');
  const lineOf = (path: readonly Step[]): number => tomlLine(lines, path);
  try {
    return { value: parseToml(text), faults: [], lineOf };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = (error.message.split('\n')[0] ?? '').replace('Invalid TOML document: ', '');
    return { value: undefined, faults: [{ line: error.line, message }], lineOf };
  }
}

/** TOML's library tells no places: the table's header is looked for, then the key, then the item of a list as it is written. */
function tomlLine(lines: readonly string[], path: readonly Step[]): number {
  const names = path.filter((step) => typeof step === 'string');
  for (let depth = names.length; depth > 0; depth -= 1) {
    const header = names.slice(0, depth).join('.');
    const at = lines.findIndex(
      (line) =>
        line
          .trim()
          .replace(/["'\s]/g, '')
          .replace(/#.*/, '') === `[${header}]`,
    );
    if (at === -1) continue;
    const key = names[depth];
    const end = lines.findIndex((line, index) => index > at && /^\s*\[[^\]]*\]\s*(#.*)?$/.test(line));
    const inside = lines.slice(at + 1, end === -1 ? undefined : end);
    const row =
      key === undefined ? -1 : inside.findIndex((line) => line.trimStart().replace(/["']/g, '').startsWith(key));
    return row === -1 ? at + 1 : at + 2 + row + itemLine(inside.slice(row), path);
  }
  return 1;
}
function itemLine(inside: readonly string[], path: readonly Step[]): number {
  const index = path.at(-1);
  if (typeof index !== 'number' || /\[.*[^\s#]/.test(inside[0] ?? '')) return 0;
  const items = inside.map((line, row) => ({ line, row })).filter(({ line, row }) => row > 0 && /^\s*["'{]/.test(line));
  return items[index]?.row ?? 0;
}
