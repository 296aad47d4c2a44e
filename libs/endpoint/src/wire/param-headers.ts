// `Mcp-Param-*` headers of protocol 2026-07-28 (SEP-2243): a property of a tool's input that declares `x-mcp-header` is also
// sent as a header, so that what stands between client and server may go by it. Here the two must agree.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { echoableId, isObject, MODERN_VERSION, sendRpcError } from './json-rpc.js';

/** A contract declares one by `.meta({ 'x-mcp-header': 'Region' })` on a property of a tool's input. */
const KEY = 'x-mcp-header';
const HEADER_MISMATCH = -32020;

export interface ParamHeader {
  /** As it is declared, without `Mcp-Param-`. */
  readonly name: string;
  /** Where the value stands in the arguments. */
  readonly path: readonly string[];
  readonly type: string;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Not `number`: two texts of one fraction need not be the same. */
const TYPES: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);

/**
 * Whether anything in a contract's schema carries the key, wherever it stands. Hardly any does: only of these is the JSON Schema
 * needed to know what it declares. `seen` ends the walk where a schema is within itself.
 */
export function mentionsHeader(schema: z.core.$ZodType, seen: Set<unknown> = new Set()): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  if (z.globalRegistry.get(schema)?.[KEY] !== undefined) return true;
  const { def } = schema._zod;
  const parts = def.type === 'lazy' ? [(def as z.core.$ZodLazyDef).getter()] : Object.values(def);
  return parts.some((part) => mentionedWithin(part, seen));
}

/** Parts of a schema are schemas, lists and tables of them, and much else. */
function mentionedWithin(part: unknown, seen: Set<unknown>): boolean {
  if (part instanceof z.core.$ZodType) return mentionsHeader(part, seen);
  if (Array.isArray(part)) return part.some((each) => mentionedWithin(each, seen));
  return isTable(part) && Object.values(part).some((each) => mentionedWithin(each, seen));
}

const isTable = (part: unknown): part is Record<string, unknown> =>
  isObject(part) && [Object.prototype, null].includes(Object.getPrototypeOf(part));

/**
 * What a JSON Schema declares, at any depth of `properties`.
 * @throws Error saying which declaration is wrong and why
 */
export function paramHeadersOf(schema: unknown): ParamHeader[] {
  const found = declared(schema, []);
  const names = found.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`${KEY} "${twice}" is declared twice; upper and lower case are the same`);
  // Written once more where no value can be told from the path: under items, in one of several forms, or by reference.
  if (count(schema) > found.length) throw new Error(`${KEY} may stand on properties only, not within lists or choices`);
  return found;
}

function declared(schema: unknown, path: readonly string[]): ParamHeader[] {
  if (!isObject(schema)) return [];
  const inner = Object.entries(isObject(schema.properties) ? schema.properties : {}).flatMap(([key, property]) =>
    declared(property, [...path, key]),
  );
  if (!(KEY in schema) || path.length === 0) return inner;
  const { [KEY]: name, type } = schema;
  const at = path.join('.');
  if (typeof name !== 'string' || !TOKEN.test(name)) throw new Error(`${KEY} of ${at} is no name of a header`);
  if (typeof type !== 'string' || !TYPES.has(type))
    throw new Error(`${KEY} of ${at} needs a property of type string, integer or boolean`);
  return [{ name, path, type }, ...inner];
}

/** How many schemas within carry the key. A property may be called so too: what is named by `properties` is no keyword. */
function count(schema: unknown): number {
  if (Array.isArray(schema)) return schema.reduce<number>((sum, each) => sum + count(each), 0);
  if (!isObject(schema)) return 0;
  return Object.entries(schema).reduce((sum, [key, value]) => {
    if (key === KEY) return sum + 1;
    if (DATA.has(key)) return sum;
    return sum + (NAMED.has(key) && isObject(value) ? count(Object.values(value)) : count(value));
  }, 0);
}

/** Keywords whose value is data, and keywords whose members are named freely. */
const DATA = new Set(['default', 'const', 'enum', 'examples']);
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions']);

/** Tools by their name on an endpoint; those without any such header are left out. */
export type ParamHeaders = ReadonlyMap<string, readonly ParamHeader[]>;

export interface ParamMismatch {
  /** Of the request, whatever it is. */
  readonly id: unknown;
  readonly message: string;
}

/** Why headers and arguments of a `tools/call` disagree; undefined when they do not, or need not agree. */
export function paramMismatch(
  headers: IncomingHttpHeaders,
  body: unknown,
  tools: ParamHeaders,
): ParamMismatch | undefined {
  if (tools.size === 0 || !isObject(body) || body.method !== 'tools/call' || !isObject(body.params)) return undefined;
  const { name, arguments: args, _meta: meta } = body.params;
  const current =
    headers['mcp-protocol-version'] === MODERN_VERSION ||
    (isObject(meta) && meta[PROTOCOL_VERSION_META_KEY] === MODERN_VERSION);
  const expected = current && typeof name === 'string' ? tools.get(name) : undefined;
  for (const each of expected ?? []) {
    const message = disagreement(each, headers, valueAt(args, each.path));
    if (message !== undefined) return { id: body.id, message: `Bad Request: headers and body disagree: ${message}` };
  }
  return undefined;
}

/** Answers 400 with the code that the protocol has for it. */
export function sendMismatch(res: ServerResponse, mismatch: ParamMismatch): void {
  sendRpcError(res, 400, { code: HEADER_MISMATCH, message: mismatch.message, id: echoableId(mismatch) });
}

/** A value that is null, absent or of no type that a header can hold asks for none; the tool's schema judges it. */
function disagreement(
  { name, path, type }: ParamHeader,
  headers: IncomingHttpHeaders,
  value: unknown,
): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'boolean' && !Number.isSafeInteger(value)) return undefined;
  const header = `Mcp-Param-${name}`;
  const sent = headers[header.toLowerCase()];
  if (typeof sent !== 'string') return `the argument ${path.join('.')} is given, so the header ${header} is required`;
  const text = decoded(sent);
  if (text === undefined) return `the header ${header} holds no valid base64 between =?base64? and ?=`;
  const same =
    type === 'integer' && typeof value === 'number'
      ? DECIMAL.test(text) && Number(text) === value
      : text === String(value);
  return same ? undefined : `the header ${header} is not the argument ${path.join('.')}`;
}

/** Numbers are compared by value: `42.0` is 42. */
const DECIMAL = /^-?\d+(\.\d+)?$/;

function valueAt(args: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), args);
}

const WRAPPED = /^=\?base64\?(.*)\?=$/s;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Text as it is, or what is wrapped in base64; undefined when that is not canonical, or no UTF-8. */
function decoded(sent: string): string | undefined {
  const wrapped = WRAPPED.exec(sent)?.[1];
  if (wrapped === undefined) return sent;
  if (!BASE64.test(wrapped)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(wrapped, 'base64'));
  } catch {
    return undefined;
  }
}
