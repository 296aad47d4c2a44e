// Whether a row fits, for schemas of a simple kind: a function made of the schema, which answers as the validator does and takes a
// tenth of the time. Whatever it does not know makes it answer undefined; then the validator does the work.
import { isDate, isDateTime, isEmail, isIPv4, isUri, isUuid } from '@hyperjump/json-schema-formats';
import { isMultipleOf } from '../numbers.js';
import { isPlainObject } from '../rows.js';
import { guardPattern } from './patterns.js';

export type Test = (value: unknown) => boolean;

/** Say nothing of whether a value fits. */
const SILENT = new Set('$schema $comment title description default examples deprecated readOnly writeOnly'.split(' '));

const FORMATS: Readonly<Record<string, ((text: string) => boolean) | undefined>> = {
  date: isDate,
  'date-time': isDateTime,
  email: isEmail,
  ipv4: isIPv4,
  uri: isUri,
  uuid: isUuid,
};

const TYPES: Readonly<Record<string, Test | undefined>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** Undefined when the schema is not of the simple kind. @throws AppError invalid_input for a pattern that may not run. */
export function simpleTest(schema: unknown): Test | undefined {
  if (schema === true) return () => true;
  if (!isPlainObject(schema)) return undefined;
  const tests: Test[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (SILENT.has(keyword)) continue;
    const test = KEYWORDS[keyword]?.(value as never, schema);
    if (test === undefined) return undefined;
    tests.push(test);
  }
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  return (value) => {
    for (const test of tests) if (!test(value)) return false;
    return true;
  };
}

type Maker = (value: never, schema: Readonly<Record<string, unknown>>) => Test | undefined;

const ofNumbers =
  (test: (number: number) => boolean): Test =>
  (value) =>
    typeof value !== 'number' || test(value);
const ofTexts =
  (test: (text: string) => boolean): Test =>
  (value) =>
    typeof value !== 'string' || test(value);
const ofLists =
  (test: (list: readonly unknown[]) => boolean): Test =>
  (value) =>
    !Array.isArray(value) || test(value);

const KEYWORDS: Readonly<Record<string, Maker | undefined>> = {
  type: typeTest,
  enum: (values: unknown[]) => oneOf(values),
  const: (value: unknown) => oneOf([value]),
  minimum: (least: number) => ofNumbers((number) => number >= least),
  maximum: (most: number) => ofNumbers((number) => number <= most),
  exclusiveMinimum: (least: number) => ofNumbers((number) => number > least),
  exclusiveMaximum: (most: number) => ofNumbers((number) => number < most),
  multipleOf: (divisor: number) => ofNumbers((number) => isMultipleOf(number, divisor)),
  minLength: (least: number) => ofTexts((text) => text.length >= least && lengthOf(text) >= least),
  maxLength: (most: number) => ofTexts((text) => text.length <= most || lengthOf(text) <= most),
  pattern: (pattern: string) => {
    guardPattern(pattern);
    const expression = new RegExp(pattern, 'u');
    return ofTexts((text) => expression.test(text));
  },
  format: (name: string) => {
    const test = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
    return test === undefined ? undefined : ofTexts(test);
  },
  minItems: (least: number) => ofLists(({ length }) => length >= least),
  maxItems: (most: number) => ofLists(({ length }) => length <= most),
  items: (schema: unknown, { prefixItems }) => {
    const test = prefixItems === undefined ? simpleTest(schema) : undefined;
    return test === undefined ? undefined : ofLists((list) => list.every(test));
  },
  required: (names: string[]) => (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
    for (const name of names) if (!Object.hasOwn(value, name)) return false;
    return true;
  },
  properties: propertiesTest,
  additionalProperties: additionalTest,
};

/** Letters, not halves of them. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function typeTest(type: string | readonly string[]): Test | undefined {
  if (typeof type === 'string') return TYPES[type];
  const tests = type.map((name) => TYPES[name]);
  if (tests.includes(undefined)) return undefined;
  return (value) => tests.some((test) => test?.(value) === true);
}

/** Scalars alone: lists and objects are compared otherwise. */
function oneOf(values: readonly unknown[]): Test | undefined {
  if (values.some((value) => typeof value === 'object' && value !== null)) return undefined;
  const set = new Set(values);
  return (value) => set.has(value);
}

function propertiesTest(properties: Readonly<Record<string, unknown>>): Test | undefined {
  const tests = Object.entries(properties).map(([name, schema]) => ({ name, test: simpleTest(schema) }));
  if (tests.some(({ test }) => test === undefined)) return undefined;
  const sure = tests as ReadonlyArray<{ name: string; test: Test }>;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
    for (const { name, test } of sure)
      if (Object.hasOwn(value, name) && !test((value as Record<string, unknown>)[name])) return false;
    return true;
  };
}

function additionalTest(
  additional: unknown,
  { properties = {}, patternProperties }: Readonly<Record<string, unknown>>,
): Test | undefined {
  if (patternProperties !== undefined || !isPlainObject(properties)) return undefined;
  const known = new Set(Object.keys(properties));
  const test: Test | undefined = additional === false ? () => false : simpleTest(additional);
  if (test === undefined) return undefined;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
    for (const name of Object.keys(value))
      if (!known.has(name) && !test((value as Record<string, unknown>)[name])) return false;
    return true;
  };
}
