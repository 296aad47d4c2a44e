// The form of a new project: its name and place, and what its template asks, made from the template's JSON Schema.
import { type FormValues, formInput } from '../../tools/form-input.js';
import { type Field, type JsonSchema, schemaFields } from '../../tools/schema-fields.js';
import type { Template } from '../project.js';

export interface InputField extends Field {
  readonly title: string;
  /** Is kept sealed, and never shown. */
  readonly secret: boolean;
}

const memberOf = (schema: JsonSchema, name: string): JsonSchema =>
  (schema.properties as Readonly<Record<string, JsonSchema>> | undefined)?.[name] ?? {};

/** What the template asks, required ones first. */
export const inputFields = ({ inputs }: Pick<Template, 'inputs'>): InputField[] =>
  schemaFields(inputs).map((field) => {
    const { title, writeOnly } = memberOf(inputs, field.name);
    return { ...field, title: typeof title === 'string' ? title : field.name, secret: writeOnly === true };
  });

/** Defaults, so that what will be used can be seen. */
export const defaultsOf = (fields: readonly InputField[]): FormValues =>
  Object.fromEntries(
    fields.flatMap(({ name, defaultValue }) => (defaultValue === undefined ? [] : [[name, String(defaultValue)]])),
  );

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

export interface Draft {
  readonly name: string;
  readonly place: '' | 'folder' | 'archive' | 'both';
  readonly values: FormValues;
}

export type Drafted =
  | { readonly ok: true; readonly input: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> };

/** The call's input, or what is wrong by field; `name` is the project's. */
export function draftInput(template: string, fields: readonly InputField[], { name, place, values }: Draft): Drafted {
  const inputs = formInput(fields, values);
  const named: Record<string, string> = {};
  if (name === '') named[NAME_FIELD] = 'This field is required.';
  else if (!NAME.test(name)) named[NAME_FIELD] = 'Lower-case letters, digits and dashes, at most 63.';
  if (!inputs.ok || NAME_FIELD in named)
    return { ok: false, problems: { ...(inputs.ok ? {} : inputs.problems), ...named } };
  return { ok: true, input: { template, name, inputs: inputs.input, ...(place === '' ? {} : { place }) } };
}

/** No input of a template is called so: theirs are words. */
export const NAME_FIELD = '#name';
