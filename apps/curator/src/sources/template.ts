// Fills a request's templates: {name} stands for a value. Where a value is missing, the entry that wants it is left out.
import { AppError } from '@labmesh/contracts';
import type { Json } from '../rows.js';

export type Values = Readonly<Record<string, Json | undefined>>;

const PLACE = /\{([a-zA-Z][a-zA-Z0-9_]*)(?::(YYYY|MM|DD))?\}/g;
const WHOLE = /^\{([a-zA-Z][a-zA-Z0-9_]*)\}$/;
const PART = { YYYY: [0, 4], MM: [5, 7], DD: [8, 10] } as const;

/** The template with its values; a text that is one place alone keeps the value's type. Undefined when a value is missing. */
export function filled(template: Json, values: Values): Json | undefined {
  if (typeof template === 'string') {
    const [, whole] = WHOLE.exec(template) ?? [];
    return whole === undefined ? textOf(template, values, String) : valueNamed(values, whole);
  }
  if (Array.isArray(template))
    return template.map((item) => filled(item, values)).filter((item): item is Json => item !== undefined);
  if (typeof template !== 'object' || template === null) return template;
  const entries = Object.entries(template).flatMap(([key, item]) => {
    const value = filled(item, values);
    // An object that was only there for a missing value goes with it.
    const empty = isObject(value) && isObject(item) && Object.keys(value).length === 0 && Object.keys(item).length > 0;
    return value === undefined || empty ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}

/** @throws AppError invalid_input naming the value that a path cannot do without */
export function filledPath(template: string, values: Values): string {
  const path = textOf(template, values, (value) =>
    encodeURIComponent(value).replace(/^\.{1,2}$/, (dots) => dots.replaceAll('.', '%2E')),
  );
  if (path !== undefined) return path;
  const missing = [...template.matchAll(PLACE)]
    .map(([, name = '']) => name)
    .filter((name) => valueNamed(values, name) === undefined);
  throw new AppError('invalid_input', `Cannot ask the source: the parameter ${missing.join(', ')} is missing.`);
}

function textOf(template: string, values: Values, write: (value: string) => string): string | undefined {
  let missing = false;
  const text = template.replace(PLACE, (_, name: string, part: keyof typeof PART | undefined) => {
    const value = valueNamed(values, name);
    if (value === undefined || value === null) missing = true;
    const whole = Array.isArray(value) ? value.join(',') : String(value);
    return write(part === undefined ? whole : whole.slice(...PART[part]));
  });
  return missing ? undefined : text;
}

const valueNamed = (values: Values, name: string): Json | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
