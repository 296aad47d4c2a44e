// What a template asks: a JSON Schema of one flat object, of the few keywords that a form can show and an answer can be held to. Values
// are checked here, once, with every fault named; a secret's value is in no message.
import { AppError } from '@labmesh/contracts';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { z } from 'zod';

export type InputValue = string | number | boolean;
export type InputValues = Readonly<Record<string, InputValue>>;

const INPUTS_MAX = 50;
const Title = z.string().min(1).max(400);
const Size = z.int().min(0).max(4_096);
const secret = {
  /** A secret: checked, sealed, and in no file. */
  writeOnly: z.literal(true).optional(),
  /** The environment variable that brings a secret to the project's commands. */
  'x-env': z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{1,62}$/, 'a variable is written in capitals, such as NASA_API_KEY')
    .refine((name) => !/^(LABMESH_|LD_|NODE_OPTIONS$|PATH$|PYTHON)/.test(name), 'this variable has a meaning already')
    .optional(),
};
const shown = { title: Title.optional(), description: Title.optional() };

const Property = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('string'),
    ...shown,
    ...secret,
    default: z.string().max(4_096).optional(),
    enum: z.array(z.string().max(400)).min(1).max(100).optional(),
    pattern: z.string().max(400).optional(),
    minLength: Size.optional(),
    maxLength: Size.optional(),
    examples: z.array(z.string().max(400)).max(10).optional(),
  }),
  z.strictObject({
    type: z.enum(['integer', 'number']),
    ...shown,
    default: z.number().optional(),
    enum: z.array(z.number()).min(1).max(100).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    exclusiveMaximum: z.number().optional(),
    multipleOf: z.number().positive().optional(),
    examples: z.array(z.number()).max(10).optional(),
  }),
  z.strictObject({ type: z.literal('boolean'), ...shown, default: z.boolean().optional() }),
]);
export type InputProperty = z.infer<typeof Property>;

const InputName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9_]{0,40}$/, 'an input’s name begins with a small letter; letters, digits and _ follow')
  .refine((name) => !(name in {}), 'this name has a meaning in JavaScript');

/** `inputs` of template.json. */
export const TemplateInputs = z
  .strictObject({
    $schema: z.literal('https://json-schema.org/draft/2020-12/schema').optional(),
    type: z.literal('object'),
    properties: z.record(InputName, Property).default({}),
    required: z.array(z.string()).optional(),
    additionalProperties: z.literal(false).default(false),
  })
  .superRefine((schema, context) => {
    const wrong = (message: string): void => context.addIssue({ code: 'custom', message });
    if (Object.keys(schema.properties).length > INPUTS_MAX) wrong(`at most ${INPUTS_MAX} inputs`);
    const { required = [] } = schema;
    if (new Set(required).size < required.length) wrong('required names an input twice');
    for (const name of required)
      if (!Object.hasOwn(schema.properties, name)) wrong(`required names "${name}", which is no property`);
    for (const [name, property] of Object.entries(schema.properties)) {
      if (!('writeOnly' in property) || property.writeOnly !== true) {
        if ('x-env' in property) wrong(`${name}: x-env is for secrets (writeOnly)`);
        continue;
      }
      if (property['x-env'] === undefined) wrong(`${name}: a secret needs x-env, the variable that brings it`);
      if (property.default !== undefined || property.enum !== undefined || property.examples !== undefined)
        wrong(`${name}: a secret has no default, enum or examples`);
    }
  });
export type TemplateInputs = z.infer<typeof TemplateInputs>;

/** Names of secrets with their variables, by name. */
export function secretsOf({ properties }: TemplateInputs): ReadonlyMap<string, string> {
  const secrets = Object.entries(properties).flatMap(
    ([name, property]): Array<[string, string]> =>
      'writeOnly' in property && property.writeOnly === true ? [[name, property['x-env'] ?? '']] : [],
  );
  return new Map(secrets.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of the few keywords that `TemplateInputs` has held a schema to: all of JSON Schema need not be compiled for each template. */
const OF_KNOWN_FORM = { validateSchema: false, meta: false } as const;

/** Turns a schema into its check. @throws AppError invalid_input for one that is no JSON Schema */
export async function compileInputs(schema: TemplateInputs): Promise<ValidateFunction> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const options = { allErrors: true, useDefaults: true, strict: true, allowMatchingProperties: true };
  const ajv = new Ajv2020({ ...options, ...OF_KNOWN_FORM });
  ajv.addKeyword({ keyword: 'x-env', schemaType: 'string' });
  try {
    const check = ajv.compile(structuredClone(schema));
    for (const [name, { default: value, ...property }] of Object.entries(schema.properties))
      if (value !== undefined && !ajv.validate({ type: 'object', properties: { [name]: property } }, { [name]: value }))
        throw new Error(`the default of ${name} does not fit: ${ajv.errorsText(ajv.errors, { dataVar: '' })}`);
    return check;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it is no JSON Schema';
    throw new AppError('invalid_input', `Cannot use the inputs of this template: ${why}.`, { cause });
  }
}

/** What is wrong with values, by input. */
export interface InputFaults {
  readonly missing: readonly string[];
  readonly wrong: readonly string[];
}

/** The values with their defaults, and what is wrong with them. */
export function checkInputs(check: ValidateFunction, given: InputValues): { values: InputValues; faults: InputFaults } {
  const values: Record<string, InputValue> = { ...given };
  check(values);
  const errors = check.errors ?? [];
  const missing = errors.filter(({ keyword }) => keyword === 'required').map(missingName);
  const wrong = errors.filter(({ keyword }) => keyword !== 'required').map(described);
  for (const [name, value] of Object.entries(values))
    if (typeof value === 'string' && /[^\P{Cc}\n\t]|\u007f|\p{Cs}/u.test(value))
      wrong.push(`${name} holds a control character`);
  return { values, faults: { missing: [...new Set(missing)].sort(), wrong: [...new Set(wrong)].sort() } };
}

/** @throws AppError invalid_input naming each input that is missing or wrong */
export function refuseFaults(template: string, { missing, wrong }: InputFaults): void {
  if (missing.length + wrong.length === 0) return;
  const parts = [
    ...(missing.length > 0 ? [`it still needs ${missing.join(', ')}`] : []),
    ...(wrong.length > 0 ? [wrong.join('; ')] : []),
  ];
  throw new AppError(
    'invalid_input',
    `Cannot make a project of ${template}: ${parts.join('; ')}. Give them as inputs; list_available_templates shows what each is.`,
    { details: { missing, wrong } },
  );
}

const missingName = ({ params }: ErrorObject): string =>
  String((params as { missingProperty?: string }).missingProperty);

function described({ keyword, instancePath, params, message }: ErrorObject): string {
  if (keyword === 'additionalProperties')
    return `there is no input "${String((params as { additionalProperty?: string }).additionalProperty)}"`;
  const allowed = (params as { allowedValues?: unknown[] }).allowedValues;
  return `${instancePath.slice(1)} ${message ?? 'is wrong'}${allowed === undefined ? '' : ` (${allowed.join(', ')})`}`;
}
