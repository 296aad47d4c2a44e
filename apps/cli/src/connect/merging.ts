// One entry put into, or taken out of, another program's settings. Everything else in them stays as it was: comments, order, indentation.
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '@labmesh/contracts';
import { type Edit, type JSONPath, modify, type ParseError, parse } from 'jsonc-parser';
import { parse as parseToml, stringify as tomlOf } from 'smol-toml';
import type { Entry } from './clients.js';

interface Merge {
  readonly form: 'json' | 'toml';
  /** Undefined where the file is not there. */
  readonly text: string | undefined;
  readonly entries: readonly Entry[];
  /** Takes them out. */
  readonly remove: boolean;
  /** For messages. */
  readonly file: string;
}

/** The file's new text; undefined when nothing is left to be in it. @throws AppError conflict for a file that cannot be changed safely */
export function merged(merge: Merge): string | undefined {
  if (merge.text === undefined && merge.remove) return undefined;
  return merge.form === 'json' ? jsonMerged(merge) : tomlMerged(merge);
}

const refuse = (file: string, why: string): AppError =>
  new AppError('conflict', `${file} is left as it is: ${why}. Mend it, or add what --dry-run shows by hand.`);

function jsonMerged({ text, entries, remove, file }: Merge): string {
  let now = text === undefined || text.trim() === '' ? '{}\n' : text;
  for (const { path, value } of entries) {
    const root = checkedJson(now, file);
    const place = jsonPath(root, path, file);
    if (!remove && isDeepStrictEqual(at(root, place), value)) continue;
    now = edited(now, place, remove ? undefined : value);
  }
  return now;
}

const at = (root: unknown, path: JSONPath | undefined): unknown =>
  path?.reduce((found: unknown, name) => (found as Record<string, unknown> | undefined)?.[String(name)], root);

/** To the letter: no line of others is set anew. */
function edited(text: string, path: JSONPath | undefined, value: unknown): string {
  // Without a form, as the library would give one to the lines around it, too.
  const [edit] = path === undefined ? [] : modify(text, path, value, {});
  if (path === undefined || edit === undefined) return text;
  const before = text.slice(0, edit.offset);
  const after = text.slice(edit.offset + edit.length);
  if (value === undefined) return emptied(`${before}${edit.content}`, after);
  return `${before}${formed({ text, path, value, edit, after })}${after}`;
}

/** Nothing but space between brackets is no space. */
const emptied = (before: string, after: string): string =>
  /[{[]\s*$/.test(before) && /^\s*[}\]]/.test(after) ? `${before.trimEnd()}${after.trimStart()}` : `${before}${after}`;

interface Forming {
  readonly text: string;
  readonly path: JSONPath;
  readonly value: unknown;
  readonly edit: Edit;
  readonly after: string;
}

/** What is put in, indented as the file is. */
function formed({ text, path: [list, name], value, edit, after }: Forming): string {
  const unit = /\n(\t| +)"/.exec(text)?.[1] ?? '  ';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const root = parse(text, [], { allowTrailingComma: true }) as Record<string, unknown>;
  const isNewList = root[String(list)] === undefined;
  const depth = isNewList ? 1 : 2;
  const pad = unit.repeat(depth);
  const held = !isNewList ? value : typeof name === 'number' ? [value] : { [String(name)]: value };
  const body = JSON.stringify(held, null, unit).replaceAll('\n', `${eol}${pad}`);
  if (edit.length > 0) return body;
  const key = isNewList ? list : name;
  const own = typeof key === 'number' ? body : `${JSON.stringify(key)}: ${body}`;
  // What comes next may stand on the same line.
  const ends = /^[ \t]*[}\]]/.test(after) ? `${eol}${unit.repeat(depth - 1)}` : '';
  return `${edit.content.startsWith(',') ? ',' : ''}${eol}${pad}${own}${ends}`;
}

function checkedJson(text: string, file: string): Record<string, unknown> {
  const errors: ParseError[] = [];
  const root: unknown = parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || !isObject(root)) throw refuse(file, 'it is not a JSON object');
  return root;
}

/** Of a list by id, such as VS Code's inputs, the place in it. Undefined where there is nothing to take out. */
function jsonPath(root: Record<string, unknown>, [list, name]: Entry['path'], file: string): JSONPath | undefined {
  const there = root[list];
  if (list === 'inputs') {
    if (there !== undefined && !Array.isArray(there)) throw refuse(file, `"${list}" is no list`);
    const at = (there ?? []).findIndex((one: unknown) => isObject(one) && one.id === name);
    return [list, at === -1 ? (there ?? []).length : at];
  }
  if (there !== undefined && !isObject(there)) throw refuse(file, `"${list}" is no object`);
  return [list, name];
}

/** The table is taken out and written at the end; every other line stays. What comes out is read again and compared. */
function tomlMerged({ text = '', entries, remove, file }: Merge): string {
  const before = checkedToml(text, file);
  const wanted = structuredClone(before);
  let now = text;
  for (const { path, value } of entries) {
    const [list, name] = path;
    now = withoutTable(now, path);
    const servers = { ...(isObject(wanted[list]) ? wanted[list] : {}) };
    delete servers[name];
    if (!remove) {
      servers[name] = value;
      now = `${now.trimEnd()}${now.trim() === '' ? '' : '\n\n'}${tomlOf({ [list]: { [name]: value } }).trimEnd()}\n`;
    }
    if (Object.keys(servers).length > 0) wanted[list] = servers;
    else delete wanted[list];
  }
  const after = checkedToml(now, file);
  if (!isDeepStrictEqual(plain(after), plain(wanted)))
    throw refuse(file, 'its table is written in a way that cannot be changed safely');
  return now;
}

/** Tables without anything in them mean nothing here. */
const plain = (value: Record<string, unknown>): unknown => JSON.parse(JSON.stringify(value));

function checkedToml(text: string, file: string): Record<string, unknown> {
  try {
    return parseToml(text);
  } catch (cause) {
    throw refuse(file, `it is not TOML (${(cause as Error).message.split('\n')[0]})`);
  }
}

function withoutTable(text: string, [list, name]: Entry['path']): string {
  const quoted = `(?:${name}|"${name}"|'${name}')`;
  const header = new RegExp(`^\\s*\\[\\s*${list}\\s*\\.\\s*${quoted}\\s*(?:\\..*)?\\]`);
  let inside = false;
  const kept = text.split('\n').filter((line) => {
    if (/^\s*\[/.test(line)) inside = header.test(line);
    return !inside;
  });
  return kept.join('\n');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
