// Turns `key=value` words into a tool's arguments, typed by its input schema. What does not fit is a usage error.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { itemsOf, type JsonSchema, kindText, propertiesOf, typesOf } from './schema.js';
import { allOf } from './standard-input.js';

/** `key=@file` takes a value from a file, `key=@@…` stands for a value that begins with @. */
const FILE_MARK = '@';

export interface ArgumentOptions {
  readonly schema: JsonSchema;
  /** Where file names begin. */
  readonly cwd: string;
}

/**
 * Types each value as its argument's schema says: numbers, booleans, JSON for objects and lists. A list may also be given
 * element by element, by repeating its key. A file that is no text is sent as base64, and `encoding` is set to say so.
 * @throws AppError invalid_input
 */
export async function typedArguments(
  pairs: readonly string[],
  { schema, cwd }: ArgumentOptions,
): Promise<Record<string, unknown>> {
  const properties = propertiesOf(schema);
  const values = new Map<string, unknown>();
  let base64 = false;
  for (const pair of pairs) {
    const { key, text } = split(pair);
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (property === undefined) throw unknownKey(key, Object.keys(properties));
    const given = await valueText(key, text, cwd);
    base64 ||= given.base64;
    values.set(key, merged(key, values.get(key), typedValue(key, given.text, property)));
  }
  if (base64) noteEncoding(values, properties);
  return Object.fromEntries(values);
}

/** The arguments given as one JSON object: the text itself, `@file`, or `-` for standard input. */
export async function jsonArguments(
  given: string,
  { cwd, stdin }: { cwd: string; stdin: AsyncIterable<string | Uint8Array> },
): Promise<Record<string, unknown>> {
  const text =
    given === '-'
      ? (await allOf(stdin)).toString('utf8')
      : given.startsWith(FILE_MARK)
        ? (await fileAt(given.slice(1), cwd)).toString('utf8')
        : given;
  const value = jsonOf(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError(
      'invalid_input',
      'The arguments are not a JSON object: give --json \'{"key": "value"}\', --json @file or --json -',
    );
  }
  return value as Record<string, unknown>;
}

function split(pair: string): { key: string; text: string } {
  const at = pair.indexOf('=');
  if (at < 1) throw new AppError('invalid_input', `Cannot read "${pair}": give arguments as --arg key=value`);
  return { key: pair.slice(0, at), text: pair.slice(at + 1) };
}

/** One value. Text wins where the schema allows it: `5` for a text argument stays "5". */
export function typedValue(key: string, text: string, schema: JsonSchema): unknown {
  const types = typesOf(schema);
  if (types.has('string')) return text;
  if (types.size === 0) return jsonOf(text) ?? text;
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
  if (number !== undefined && types.has('number')) return number;
  if (number !== undefined && types.has('integer') && Number.isSafeInteger(number)) return number;
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.has('null') && text === 'null') return null;
  if (types.has('object') && text.trimStart().startsWith('{')) return parsed(key, text);
  if (types.has('array'))
    return text.trimStart().startsWith('[') ? parsed(key, text) : [typedValue(key, text, itemsOf(schema))];
  throw new AppError('invalid_input', `Cannot use "${text.slice(0, 80)}" as ${key}: it takes ${kindText(schema)}`);
}

function merged(key: string, earlier: unknown, value: unknown): unknown {
  if (earlier === undefined) return value;
  if (Array.isArray(earlier) && Array.isArray(value)) return [...earlier, ...value];
  throw new AppError('invalid_input', `${key} is given twice`);
}

async function valueText(key: string, text: string, cwd: string): Promise<{ text: string; base64: boolean }> {
  if (!text.startsWith(FILE_MARK)) return { text, base64: false };
  if (text.startsWith(FILE_MARK.repeat(2))) return { text: text.slice(1), base64: false };
  const bytes = await fileAt(text.slice(1), cwd, key);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), base64: false };
  } catch {
    return { text: bytes.toString('base64'), base64: true };
  }
}

async function fileAt(name: string, cwd: string, key = 'the arguments'): Promise<Buffer> {
  try {
    return await readFile(resolve(cwd, name));
  } catch (cause) {
    throw new AppError('invalid_input', `Cannot read ${key} from "${name}": ${(cause as Error).message}`, { cause });
  }
}

function noteEncoding(values: Map<string, unknown>, properties: Readonly<Record<string, JsonSchema>>): void {
  const choices = properties.encoding?.enum;
  if (!Array.isArray(choices) || !choices.includes('base64')) {
    throw new AppError('invalid_input', 'Cannot send a file that is not UTF-8 text: this tool takes text only');
  }
  if (!values.has('encoding')) values.set('encoding', 'base64');
}

function unknownKey(key: string, known: readonly string[]): AppError {
  const takes = known.length === 0 ? 'it takes no arguments' : `it takes ${known.join(', ')}`;
  return new AppError('invalid_input', `The tool has no argument "${key}": ${takes}`);
}

function parsed(key: string, text: string): unknown {
  const value = jsonOf(text);
  if (value === undefined) throw new AppError('invalid_input', `Cannot read ${key}: it is not valid JSON`);
  return value;
}

/** Undefined when the text is not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
