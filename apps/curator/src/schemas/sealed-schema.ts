// A schema in which data is no schema: the values of `const` and `enum` as text, and nothing else that only looks like `$id` or `$anchor`.
// The library would take these for identifiers, wherever they stand.
import { canonicalJson } from '@labmesh/transparency';
import { isPlainObject } from '../rows.js';
import type { JsonSchema } from './inference.js';

const SCHEMAS = new Set(
  'additionalProperties contains contentSchema else if items not propertyNames then unevaluatedItems unevaluatedProperties'.split(
    ' ',
  ),
);
const LISTS_OF_SCHEMAS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const MAPS_OF_SCHEMAS = new Set(['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties']);
const IDENTIFIER = /"\$(?:id|anchor|dynamicAnchor)":"/;
/** Before the text of a value. */
const SEAL = '\0';

export const sealedSchema = (schema: JsonSchema): JsonSchema => sealed(schema) as JsonSchema;

/** Canonical JSON of a value of `const` or `enum`. */
export const unsealed = (value: unknown): string =>
  typeof value === 'string' && value.startsWith(SEAL) ? value.slice(SEAL.length) : canonicalJson(value);

const seal = (value: unknown): string => `${SEAL}${canonicalJson(value)}`;

function sealed(schema: unknown): unknown {
  if (!isPlainObject(schema)) return schema;
  const entries = Object.entries(schema).map(([keyword, value]) => [keyword, sealedKeyword(keyword, value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function sealedKeyword(keyword: string, value: unknown): unknown {
  if (keyword === 'const') return seal(value);
  if (keyword === 'enum' && Array.isArray(value)) return value.map(seal);
  if (SCHEMAS.has(keyword)) return sealed(value);
  if (LISTS_OF_SCHEMAS.has(keyword) && Array.isArray(value)) return value.map(sealed);
  if (MAPS_OF_SCHEMAS.has(keyword) && isPlainObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, sealed(schema)]));
  return IDENTIFIER.test(JSON.stringify(value)) ? undefined : value;
}
