// From what was typed into a tool's form to the call's input, or to a message per field. Empty optional fields are left out.
import type { Field } from './schema-fields.js';
import { momentOf } from './moment.js';

/** What the form holds: text for most fields, a set for choices of several. Missing means untouched. */
export type FormValue = string | readonly string[];
export type FormValues = Readonly<Record<string, FormValue>>;

export type FormOutcome =
  | { readonly ok: true; readonly input: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> };

type Parsed = { readonly value: unknown } | { readonly problem: string } | undefined;

export function formInput(fields: readonly Field[], values: FormValues): FormOutcome {
  const input: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const parsed = parseField(field, values[field.name]);
    if (parsed === undefined) {
      if (field.required) problems[field.name] = 'This field is required.';
    } else if ('problem' in parsed) problems[field.name] = parsed.problem;
    else input[field.name] = parsed.value;
  }
  return Object.keys(problems).length === 0 ? { ok: true, input } : { ok: false, problems };
}

function parseField(field: Field, value: FormValue | undefined): Parsed {
  const { type } = field;
  if (type.kind === 'choices') return parseItems(type, asList(value));
  const text = typeof value === 'string' ? value : '';
  if (text.trim() === '') return undefined;
  switch (type.kind) {
    case 'text':
    case 'long-text':
      return parseText(type, text);
    case 'time':
      return parseTime(text);
    case 'number':
      return parseNumber(type, text);
    case 'boolean':
      return { value: text === 'true' };
    case 'choice':
      return type.options.includes(text) ? { value: text } : { problem: 'Choose one of the list.' };
    case 'lines':
      return parseItems(
        type,
        text
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
      );
    case 'json':
      return parseJson(type.expects, text);
    default:
      return type satisfies never;
  }
}

const asList = (value: FormValue | undefined): readonly string[] => (Array.isArray(value) ? value : []);

function parseItems(type: { minItems?: number; maxItems?: number }, items: readonly string[]): Parsed {
  if (items.length === 0) return undefined;
  if (type.minItems !== undefined && items.length < type.minItems) return { problem: `At least ${type.minItems}.` };
  if (type.maxItems !== undefined && items.length > type.maxItems) return { problem: `At most ${type.maxItems}.` };
  return { value: items };
}

function parseText(type: { pattern?: string; minLength?: number; maxLength?: number }, typed: string): Parsed {
  // Ids and the like are pasted with blanks around them; free text is kept as it is.
  const text = type.pattern === undefined ? typed : typed.trim();
  const { minLength, maxLength } = type;
  if (minLength !== undefined && text.length < minLength) return { problem: `At least ${minLength} characters.` };
  if (maxLength !== undefined && text.length > maxLength) return { problem: `At most ${maxLength} characters.` };
  if (type.pattern !== undefined && !fits(type.pattern, text)) return { problem: `Must match ${type.pattern}` };
  return { value: text };
}

/** A pattern this browser cannot read is the server's to check. */
function fits(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

function parseTime(text: string): Parsed {
  const value = momentOf(text);
  return value === undefined ? { problem: 'A date, or a time in UTC, such as 2026-11-29T18:30:00Z.' } : { value };
}

function parseNumber(type: { integer: boolean; minimum?: number; maximum?: number }, text: string): Parsed {
  const value = Number(text);
  if (!Number.isFinite(value)) return { problem: 'Not a number.' };
  if (type.integer && !Number.isSafeInteger(value)) return { problem: 'Must be a whole number.' };
  if (type.minimum !== undefined && value < type.minimum) return { problem: `At least ${type.minimum}.` };
  if (type.maximum !== undefined && value > type.maximum) return { problem: `At most ${type.maximum}.` };
  return { value };
}

function parseJson(expects: 'object' | 'array' | 'any', text: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return { problem: `Not valid JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
  if (expects === 'array' && !Array.isArray(value)) return { problem: 'Must be a JSON array: [ … ]' };
  if (expects === 'object' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
    return { problem: 'Must be a JSON object: { … }' };
  }
  return { value };
}

/** What to know before typing: bounds, format, default. */
export function fieldHints(field: Field): string[] {
  const { type, defaultValue } = field;
  const hints: string[] = [];
  if (type.kind === 'number') hints.push(...rangeHint(type.minimum, type.maximum, ''));
  if (type.kind === 'text' || type.kind === 'long-text') {
    if (type.pattern !== undefined) hints.push(`pattern ${type.pattern}`);
    else hints.push(...rangeHint(type.minLength === 0 ? undefined : type.minLength, type.maxLength, ' characters'));
  }
  if (type.kind === 'time') hints.push('a date, or a time in UTC, such as 2026-11-29T18:30:00Z');
  if (type.kind === 'lines') hints.push('one per line', ...rangeHint(type.minItems, type.maxItems, ' lines'));
  if (type.kind === 'json') hints.push(type.expects === 'any' ? 'JSON' : `a JSON ${type.expects}`);
  // Choices name their default themselves, in the place of an empty choice.
  const named = type.kind === 'choice' || type.kind === 'boolean';
  if (!named && defaultValue !== undefined && defaultValue !== '')
    hints.push(`default ${JSON.stringify(defaultValue)}`);
  return hints;
}

function rangeHint(minimum: number | undefined, maximum: number | undefined, unit: string): string[] {
  if (minimum !== undefined && maximum !== undefined) return [`${minimum} to ${maximum}${unit}`];
  if (minimum !== undefined) return [`at least ${minimum}${unit}`];
  return maximum === undefined ? [] : [`at most ${maximum}${unit}`];
}
