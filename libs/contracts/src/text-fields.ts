// What the text fields of a tool hold: part of its contract, so that who looks for attacks does not find code in a field for code.
import { z } from 'zod';

export const FIELD_KINDS = ['prose', 'code', 'data', 'path', 'identifier'] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

/** Kept beside the schemas, not in them: nobody who calls needs it, and lists stay short. */
const held = z.registry<{ holds: FieldKind }>();

/** Says what a text holds, or every text in a value. What says nothing is prose. Wrap what is finished: a copy knows nothing of it. */
export function holds<T extends z.ZodType>(kind: FieldKind, schema: T): T {
  held.add(schema, { holds: kind });
  return schema;
}

/** What the texts in a value hold: this one, and those of its members and items. */
export interface TextFields {
  readonly holds: FieldKind;
  readonly members?: ReadonlyMap<string, TextFields>;
  /** Of a list, and of a table whose keys the caller makes up. */
  readonly items?: TextFields;
}

const known = new WeakMap<z.ZodType, TextFields>();

/** What the text fields of a schema hold, found once for each. */
export function textFieldsOf(schema: z.ZodType): TextFields {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const found = fieldsOf(schema, 'prose');
  known.set(schema, found);
  return found;
}

function fieldsOf(schema: z.ZodType, around: FieldKind): TextFields {
  const kind = held.get(schema)?.holds ?? around;
  const inner = unwrapped(schema);
  if (inner !== undefined) return fieldsOf(inner, kind);
  if (schema instanceof z.ZodObject) {
    const members = Object.entries(schema.shape as Record<string, z.ZodType>);
    return { holds: kind, members: new Map(members.map(([name, member]) => [name, fieldsOf(member, kind)])) };
  }
  if (schema instanceof z.ZodArray) return { holds: kind, items: fieldsOf(schema.element as z.ZodType, kind) };
  if (schema instanceof z.ZodRecord) return { holds: kind, items: fieldsOf(schema.valueType as z.ZodType, kind) };
  if (schema instanceof z.ZodUnion)
    return together(schema.options.map((option) => fieldsOf(option as z.ZodType, kind)));
  return { holds: held.has(schema) || !isBound(schema) ? kind : 'identifier' };
}

function unwrapped(schema: z.ZodType): z.ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  )
    return schema.def.innerType as z.ZodType;
  return schema instanceof z.ZodPipe ? (schema.def.in as z.ZodType) : undefined;
}

/** A text whose form is given, or that is one of some words, is an identifier without saying so. */
const isBound = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodEnum ||
  schema instanceof z.ZodLiteral ||
  schema instanceof z.ZodStringFormat ||
  (schema instanceof z.ZodString && schema.format === 'regex');

/** Of alternatives the first that has a member says what it holds. */
function together(options: readonly TextFields[]): TextFields {
  const members = new Map(options.toReversed().flatMap((option) => [...(option.members ?? [])]));
  const items = options.find((option) => option.items !== undefined)?.items;
  return { holds: options[0]?.holds ?? 'prose', members, ...(items === undefined ? {} : { items }) };
}
