// What a JSON Schema of a row says of one column, as far as reading text needs it: types, null, required.
// Reads only; whether a value really fits is the validator's business.
import { isPlainObject } from '../rows.js';
import type { JsonSchema } from './inference.js';

export interface ExpectedColumn {
  /** JSON types other than null; empty when the schema does not say. */
  readonly types: ReadonlySet<string>;
  readonly nullable: boolean;
  readonly required: boolean;
}

const STEPS_MAX = 50;

/** Undefined when the schema does not name the column. */
export function expectedColumn(schema: JsonSchema, name: string): ExpectedColumn | undefined {
  const properties = schema.properties;
  if (!isPlainObject(properties) || !Object.hasOwn(properties, name)) return undefined;
  const types = new Reader(schema).typesOf(properties[name]);
  const nullable = types.delete('null');
  return { types, nullable, required: Array.isArray(schema.required) && schema.required.includes(name) };
}

class Reader {
  private steps = 0;

  constructor(private readonly root: JsonSchema) {}

  typesOf(schema: unknown): Set<string> {
    this.steps += 1;
    if (!isPlainObject(schema) || this.steps > STEPS_MAX) return new Set();
    if (typeof schema.$ref === 'string') return this.typesOf(this.resolve(schema.$ref));
    if (schema.type !== undefined) return new Set([schema.type].flat().filter((type) => typeof type === 'string'));
    if (Array.isArray(schema.enum)) return new Set(schema.enum.map(jsonType));
    if ('const' in schema) return new Set([jsonType(schema.const)]);
    const branches = [schema.anyOf, schema.oneOf, schema.allOf].filter(Array.isArray).flat();
    return new Set(branches.flatMap((branch) => [...this.typesOf(branch)]));
  }

  /** A reference inside the schema itself, such as `#/$defs/time`. */
  private resolve(reference: string): unknown {
    if (!reference.startsWith('#/')) return undefined;
    const keys = reference
      .slice(2)
      .split('/')
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    return keys.reduce<unknown>(
      (at, key) => (isPlainObject(at) && Object.hasOwn(at, key) ? at[key] : undefined),
      this.root,
    );
  }
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
