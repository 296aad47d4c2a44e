// JSON Schema 2020-12 by @hyperjump/json-schema, made exact and safe for schemas that users give: decimals are decimals, patterns
// are guarded, nothing is fetched, nothing of one schema is known to the next. Formats are checked.

import { value as heldBy, removeUriSchemePlugin } from '@hyperjump/browser';
import {
  type SchemaObject,
  setShouldValidateFormat,
  setShouldValidateSchema,
} from '@hyperjump/json-schema/draft-2020-12';
import {
  addFormat,
  addKeyword,
  buildSchemaDocument,
  type CompiledSchema,
  compile,
  getKeyword,
  getSchema,
} from '@hyperjump/json-schema/experimental';
import '@hyperjump/json-schema/formats';
import * as Instance from '@hyperjump/json-schema/instance/experimental';
import { isHostname, isTime } from '@hyperjump/json-schema-formats';
import { canonicalJson } from '@labmesh/transparency';
import { isIdnHostname } from 'idn-hostname';
import { isMultipleOf } from '../numbers.js';
import { DIALECT, type JsonSchema } from './inference.js';
import { guardPattern } from './patterns.js';
import { sealedSchema, unsealed } from './sealed-schema.js';

/** Where a schema without an `$id` is. */
const HERE = 'schema:/';
const KEYWORD = 'https://json-schema.org/keyword/';
const FORMAT = 'https://json-schema.org/format/';

// A schema is checked by validator.ts, in bounded time.
setShouldValidateSchema(false);
setShouldValidateFormat(true);
for (const scheme of ['http', 'https', 'file']) removeUriSchemePlugin(scheme);

addKeyword<number>({
  id: `${KEYWORD}multipleOf`,
  compile: async (schema) => heldBy<number>(schema),
  interpret: (divisor, instance) =>
    Instance.typeOf(instance) !== 'number' || isMultipleOf(Instance.value<number>(instance), divisor),
});

addKeyword<string>({
  id: `${KEYWORD}const`,
  compile: async (schema) => unsealed(heldBy(schema)),
  interpret: (text, instance) => canonicalJson(Instance.value(instance)) === text,
});
addKeyword<Set<string>>({
  id: `${KEYWORD}enum`,
  compile: async (schema) => new Set(heldBy<unknown[]>(schema).map(unsealed)),
  interpret: (texts, instance) => texts.has(canonicalJson(Instance.value(instance))),
});

guard('pattern', (pattern) => [pattern]);
guard('patternProperties', (schemas) => Object.keys(schemas as object));

/** Looks at the patterns of a keyword before they are compiled. */
function guard(name: string, patternsOf: (value: unknown) => unknown[]): void {
  const keyword = getKeyword<unknown>(`${KEYWORD}${name}`);
  addKeyword<unknown>({
    ...keyword,
    compile: async (schema, ast, parent) => {
      for (const pattern of patternsOf(heldBy(schema))) guardPattern(String(pattern));
      return keyword.compile(schema, ast, parent);
    },
  });
}

const format = (name: string, check: (text: string) => boolean): void =>
  addFormat({ id: `${FORMAT}${name}`, handler: (value) => typeof value !== 'string' || check(value) });

format('time', (text) => isTime(text) || isLeapSecond(text));
// The library's own ones print why they refuse.
format('hostname', (text) => isHostname(text) && isIdn(text));
format('idn-hostname', isIdn);

/** The last second of a day in UTC may be a 61st. */
function isLeapSecond(text: string): boolean {
  const [, hour, minute, offset = ''] = /^(\d\d):(\d\d):60(?:\.\d+)?(z|[+-]\d\d:\d\d)$/i.exec(text) ?? [];
  if (hour === undefined || !isTime(text.replace(':60', ':59'))) return false;
  const [sign, hours, minutes] = /z/i.test(offset) ? ['+', 0, 0] : [offset[0], offset.slice(1, 3), offset.slice(4)];
  const shift = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return (Number(hour) * 60 + Number(minute) - shift + 2 * DAY_MINUTES) % DAY_MINUTES === DAY_MINUTES - 1;
}
const DAY_MINUTES = 1_440;

function isIdn(text: string): boolean {
  // A label that is empty, as after a dot at the end.
  if (/[.\uFF0E\u3002\uFF61]$/.test(text)) return false;
  try {
    return isIdnHostname(text);
  } catch {
    return false;
  }
}

/** @throws Error when a reference leads nowhere, AppError invalid_input for a pattern that may not run. */
export async function compileSchema(schema: JsonSchema): Promise<CompiledSchema> {
  const document = buildSchemaDocument(sealedSchema(schema) as SchemaObject, HERE, DIALECT);
  return compile(await getSchema(document.baseUri, { _cache: { [document.baseUri]: document } } as never));
}

/** The schema of schemas. */
export const compileDialect = async (): Promise<CompiledSchema> => compile(await getSchema(DIALECT));

/** What `check` answers with formats looked over, as the schema of schemas has it. */
export function withoutFormats<T>(check: () => T): T {
  setShouldValidateFormat(false);
  try {
    return check();
  } finally {
    setShouldValidateFormat(true);
  }
}
