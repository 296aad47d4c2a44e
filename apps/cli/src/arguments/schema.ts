// Reads what the command needs from a tool's JSON Schema: types for typing arguments, words for explaining them.
export type JsonSchema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** The arguments a tool takes, by name. */
export const propertiesOf = (schema: JsonSchema): Readonly<Record<string, JsonSchema>> =>
  isSchema(schema.properties) ? (schema.properties as Record<string, JsonSchema>) : {};

export const requiredOf = (schema: JsonSchema): readonly string[] =>
  listOf(schema.required).filter((name) => typeof name === 'string');

export const itemsOf = (schema: JsonSchema): JsonSchema => (isSchema(schema.items) ? schema.items : {});

const branchesOf = (schema: JsonSchema): JsonSchema[] =>
  [...listOf(schema.anyOf), ...listOf(schema.oneOf)].filter(isSchema);

/** Names of the JSON types a value may have; empty when the schema does not say. */
export function typesOf(schema: JsonSchema): ReadonlySet<string> {
  const named = listOf(schema.type).filter((type) => typeof type === 'string');
  const literal = [...listOf(schema.enum), ...('const' in schema ? [schema.const] : [])].map(jsonType);
  return new Set([
    ...named,
    ...(named.length === 0 ? literal : []),
    ...branchesOf(schema).flatMap((branch) => [...typesOf(branch)]),
  ]);
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** What a value may be, in words: `"rows" | "content"`, `whole number 1 to 200`, `list of text`. */
export function kindText(schema: JsonSchema): string {
  const choices = 'const' in schema ? [schema.const] : listOf(schema.enum);
  if (choices.length > 0) return choices.map((choice) => JSON.stringify(choice)).join(' | ');
  const branches = branchesOf(schema);
  if (branches.length > 0) return [...new Set(branches.map(kindText))].join(' or ');
  const types = [...typesOf(schema)];
  if (types.length === 0) return 'any JSON';
  return types
    .map((type) =>
      type === 'array' ? `list of ${kindText(itemsOf(schema))}` : `${WORDS[type] ?? type}${rangeText(schema)}`,
    )
    .join(' or ');
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'JSON object',
  null: 'null',
};

/** Bounds, where a person would want them: those of 64-bit arithmetic are noise. */
function rangeText({ minimum, maximum }: JsonSchema): string {
  const low =
    typeof minimum === 'number' && Number.isSafeInteger(minimum) && minimum > Number.MIN_SAFE_INTEGER
      ? minimum
      : undefined;
  const high = typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (low !== undefined && high !== undefined) return ` ${low} to ${high}`;
  if (low !== undefined) return ` from ${low}`;
  return high === undefined ? '' : ` up to ${high}`;
}
