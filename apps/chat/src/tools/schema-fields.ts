// From a tool's input JSON Schema to the fields of its form. What no field fits becomes a JSON editor, never an error.
export type JsonSchema = Readonly<Record<string, unknown>>;

export type FieldKind =
  | {
      readonly kind: 'text' | 'long-text';
      readonly pattern?: string;
      readonly minLength?: number;
      readonly maxLength?: number;
    }
  /** A moment. */
  | { readonly kind: 'time' }
  | { readonly kind: 'number'; readonly integer: boolean; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'choices'; readonly options: readonly string[]; readonly minItems?: number }
  | { readonly kind: 'lines'; readonly minItems?: number; readonly maxItems?: number }
  | { readonly kind: 'json'; readonly expects: 'object' | 'array' | 'any' };

export interface Field {
  readonly name: string;
  readonly description?: string;
  readonly required: boolean;
  /** What the server takes when the field is left empty. */
  readonly defaultValue?: unknown;
  readonly type: FieldKind;
}

/** Texts that may be longer than this get several lines. */
const ONE_LINE_MAX = 300;

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const stringOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
/** Bounds at the edge of safe integers are the schema writer's, not the tool's: not worth a hint. */
const boundOf = (value: unknown): number | undefined => {
  const bound = numberOf(value);
  return bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound;
};

/** The fields of a tool's form, required ones first, otherwise in the schema's order. */
export function schemaFields(schema: JsonSchema): Field[] {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const fields = Object.entries(properties).map(([name, property]): Field => {
    const own = isObject(property) ? property : {};
    const plain = simplify(own, schema);
    return {
      name,
      description: stringOf(own.description) ?? stringOf(plain.description),
      required: required.has(name),
      defaultValue: own.default ?? plain.default,
      type: fieldKind(plain, schema),
    };
  });
  return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)];
}

/** Follows a local `$ref` and drops `null` from a choice of two: an empty field says that already. */
function simplify(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const target = stringOf(schema.$ref)?.match(/^#\/(\$defs|definitions)\/([^/]+)$/);
  if (target) {
    const definitions = root[target[1] ?? ''];
    const found = isObject(definitions) ? definitions[target[2] ?? ''] : undefined;
    return isObject(found) && found.$ref === undefined ? found : {};
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) {
    const real = choices.filter((choice) => isObject(choice) && choice.type !== 'null');
    if (real.length === 1 && isObject(real[0])) return simplify(real[0], root);
  }
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((type) => type !== 'null');
    if (types.length === 1) return { ...schema, type: types[0] };
  }
  return schema;
}

function fieldKind(schema: JsonSchema, root: JsonSchema): FieldKind {
  const options = textOptions(schema);
  if (options) return { kind: 'choice', options };
  switch (schema.type) {
    case 'string':
      return schema.format === 'date-time' ? { kind: 'time' } : textKind(schema);
    case 'integer':
    case 'number':
      return {
        kind: 'number',
        integer: schema.type === 'integer',
        minimum: boundOf(schema.minimum),
        maximum: boundOf(schema.maximum),
      };
    case 'boolean':
      return { kind: 'boolean' };
    case 'array':
      return arrayKind(schema, root);
    case 'object':
      return { kind: 'json', expects: 'object' };
    default:
      return { kind: 'json', expects: 'any' };
  }
}

function textOptions(schema: JsonSchema): readonly string[] | undefined {
  const values = Array.isArray(schema.enum) ? schema.enum : schema.const === undefined ? undefined : [schema.const];
  return values?.every((value) => typeof value === 'string') ? values : undefined;
}

function textKind(schema: JsonSchema): FieldKind {
  const maxLength = numberOf(schema.maxLength);
  const free = schema.pattern === undefined && schema.format === undefined;
  return {
    kind: free && (maxLength ?? Number.POSITIVE_INFINITY) > ONE_LINE_MAX ? 'long-text' : 'text',
    pattern: schema.format === undefined ? stringOf(schema.pattern) : undefined,
    minLength: numberOf(schema.minLength),
    maxLength,
  };
}

function arrayKind(schema: JsonSchema, root: JsonSchema): FieldKind {
  const items = isObject(schema.items) ? simplify(schema.items, root) : {};
  const minItems = numberOf(schema.minItems);
  const options = textOptions(items);
  if (options) return { kind: 'choices', options, minItems };
  if (items.type === 'string') return { kind: 'lines', minItems, maxItems: numberOf(schema.maxItems) };
  return { kind: 'json', expects: 'array' };
}
