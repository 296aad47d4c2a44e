// JSON (RFC 8259): a list of objects, or one object per line (NDJSON). Written as a list, one row per line.
// Never rounds a number in silence, nor keeps one of two values under the same key.

import { isDeepStrictEqual } from 'node:util';
import { numberFromText, tooPrecise } from '../numbers.js';
import type { Json, Row } from '../rows.js';
import { decodeUtf8, encodeUtf8, unreadable } from './text.js';

/** A whole string, so that digits inside it are skipped (with the colon of a key), a number, or what tells where in the data it is. */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[[\]{},]/g;
/** Digits enough to be rounded, or an exponent, which can make a number too small or too large. */
const LONG_NUMBER = /[\d.]{16}|\d[eE][+-]?\d/;
/** Each key has one; a text may hold what looks like one. */
const KEY_END = /"\s*:/g;

/** @throws AppError invalid_input when the bytes are neither JSON nor one JSON object per line. */
export function readJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes, 'json');
  if (!/^[ \t\r\n]*\{/.test(text)) return readWhole(text);
  return readLines(text, (index, cause) =>
    unreadable(
      'json',
      `it must be a list of objects, or one object per line, and line ${index + 1} is not one (${reason(cause)})`,
      cause,
    ),
  );
}

/** @throws AppError invalid_input when a line is not JSON; empty lines are passed over. */
export const readNdjson = (bytes: Uint8Array): unknown =>
  readLines(decodeUtf8(bytes, 'ndjson'), (index, cause) =>
    unreadable('ndjson', `line ${index + 1} is not one JSON object (${reason(cause)})`, cause),
  );

function readLines(text: string, refusal: (index: number, cause: unknown) => Error): Json[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [parseJson(line)];
    } catch (cause) {
      throw refusal(index, cause);
    }
  });
}

function readWhole(text: string): Json {
  try {
    return parseJson(text);
  } catch (cause) {
    throw unreadable('json', reason(cause), cause);
  }
}

/** Why parseJson() threw, in one short sentence. */
export const reason = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message.slice(0, 200) : 'it does not parse';

/**
 * Any JSON text.
 * @throws SyntaxError when it is not JSON, RangeError when a number in it would be rounded or a key has two values.
 */
export function parseJson(text: string): Json {
  const parsed = JSON.parse(text) as Json;
  if (LONG_NUMBER.test(text)) refuseRounding(text);
  if (keysIn(parsed) !== (text.match(KEY_END)?.length ?? 0)) refuseTwins(text);
  return parsed;
}

export function writeJson(rows: readonly Row[]): Buffer {
  return encodeUtf8(rows.length === 0 ? '[]\n' : `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
}

export const writeNdjson = (rows: readonly Row[]): Buffer =>
  encodeUtf8(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

function refuseRounding(text: string): void {
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (!/^[-\d]/.test(token) || numberFromText(token) !== undefined) continue;
    throw new RangeError(`the value at ${placeOf(text, index).slice(0, 80)} ${tooPrecise(token)}`);
  }
}

/** Of all objects in it. */
function keysIn(value: Json): number {
  let keys = 0;
  for (const left: unknown[] = [value]; left.length > 0; ) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null) continue;
    const members = Object.values(next);
    if (!Array.isArray(next)) keys += members.length;
    for (const member of members) if (typeof member === 'object') left.push(member);
  }
  return keys;
}

/** The same value twice is lost by nobody, and JSON (RFC 8259) lets it be. */
function refuseTwins(text: string): void {
  const open: Array<{ readonly begin: number; readonly values: Map<string, number> }> = [];
  for (const { 0: token, 1: colon, index } of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push({ begin: index, values: new Map() });
    else if (token === '}' || token === ']') open.pop();
    const within = open.at(-1);
    if (colon === undefined || within === undefined) continue;
    const key = JSON.parse(token.slice(0, -colon.length)) as string;
    const begin = index + token.length;
    const earlier = within.values.get(key);
    if (earlier !== undefined && !isDeepStrictEqual(valueFrom(text, earlier), valueFrom(text, begin)))
      throw new RangeError(
        `the object at ${placeOf(text, within.begin).slice(0, 80)} has the key ${JSON.stringify(key.slice(0, 80))} twice, with two values`,
      );
    within.values.set(key, begin);
  }
}

/** The member's value that begins there, after its colon. */
function valueFrom(text: string, begin: number): unknown {
  let depth = 0;
  for (const { 0: token, index } of text.slice(begin).matchAll(TOKEN)) {
    if (depth === 0 && (token === ',' || token === '}')) return JSON.parse(text.slice(begin, begin + index));
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
  }
  return undefined;
}

/** JSON pointer of the value that begins there, in a text that is JSON. */
function placeOf(text: string, end: number): string {
  const open: Array<number | string> = [];
  for (const { 0: token, 1: colon, index } of text.matchAll(TOKEN)) {
    if (index >= end) break;
    const within = open.at(-1);
    if (token === '[') open.push(0);
    else if (token === '{') open.push('');
    else if (token === ']' || token === '}') open.pop();
    else if (token === ',' && typeof within === 'number') open[open.length - 1] = within + 1;
    else if (colon !== undefined) open[open.length - 1] = JSON.parse(token.slice(0, -colon.length)) as string;
  }
  return open.map((key) => `/${String(key)}`).join('') || 'the root';
}
