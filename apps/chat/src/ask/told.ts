// What a sentence tells the lab to do: whether it tells or asks, and which of its words go into which field of a tool's form. A word
// goes where the form's own schema lets it; what fits nowhere is left for the person, and nothing is run.
import type { FormValue, FormValues } from '../tools/form-input.js';
import { KEY_FIELD } from '../tools/key-field.js';
import { momentOf } from '../tools/moment.js';
import type { Field } from '../tools/schema-fields.js';

const ASKING =
  /^(?:how|what|why|when|who|whom|whose|where|which|is|are|am|was|were|do|does|did|can|could|may|should|would|will|has|have)\b/i;

/** "pay 5 to wal_…" tells; "how do I pay?" asks. */
export const tellsToDo = (sentence: string): boolean => !/\?\s*$/.test(sentence) && !ASKING.test(sentence.trim());

/** Fields that hold what is looked for, most telling first. */
const SEARCHES = ['query', 'search', 'words', 'topic', 'question'];
/** What is looked for stands behind these. */
const TOPIC = /\b(?:about|for|on|called|named|with|of)\s+(.+?)[.!?]*$/i;
const QUOTED = /["“]([^"”]+)["”]/;
/** A query is typed as it is. */
const SQL = /\b(?:select|with)\s.+\bfrom\b.+/is;
/** The name that something gets stands behind these. */
const CALLED: ReadonlySet<string> = new Set(['called', 'named', 'labelled', 'titled']);
const NAMES: ReadonlySet<string> = new Set(['name', 'label', 'title']);
/** A number behind these says how many. */
const HOW_MANY: ReadonlySet<string> = new Set(['first', 'last', 'top', 'newest', 'latest', 'oldest']);
/** Where a stretch of time begins and ends, whatever the fields call it. */
const BOUNDS: Readonly<Record<string, readonly string[]>> = {
  since: ['since', 'from'],
  from: ['from', 'since'],
  until: ['until', 'to'],
  till: ['until', 'to'],
  to: ['to', 'until'],
};
/** Seconds: of the units that people say, and of those that names of fields end with. */
const SAID_UNITS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400, week: 604_800 };
const FIELD_UNITS = { Ms: 0.001, Seconds: 1, Minutes: 60, Hours: 3_600, Days: 86_400 } as const;

interface Word {
  readonly text: string;
  /** In lower case, what stands before it. */
  readonly before: string;
  readonly after: string;
}

/** What a word says of a field, as it would be typed into it; undefined when it says nothing. */
type Reading = (field: Field, word: Word) => FormValue | undefined;

/** The surest first: what one has taken, the next do not get. */
const READINGS: readonly Reading[] = [
  // "to wal_1", "limit 5"
  (field, { text, before }) => (names(field, before) && holds(field, text) ? plain(field, text) : undefined),
  // "for 30 days", where days are asked for; "the first 20"
  (field, { text, before, after }) =>
    (names(field, after) || (field.name === 'limit' && HOW_MANY.has(before))) && isCount(field, text)
      ? text
      : undefined,
  lasting,
  (field, { text, before }) => (BOUNDS[before]?.includes(field.name) && isTime(field, text) ? text : undefined),
  (field, { text, after }) => choice(field, text) ?? choice(field, `${text}_${after}`),
  (field, { text }) => (isValue(text) && tellsApart(field, text) ? text : undefined),
  (field, { text }) => (field.required && isCount(field, text) ? text : undefined),
];

/** What the sentence says of the fields, as it would be typed into them. */
export function filledFrom(fields: readonly Field[], sentence: string): FormValues {
  const values: Record<string, FormValue> = {};
  const sql = fields.some(({ name }) => name === 'sql') ? SQL.exec(sentence)?.[0] : undefined;
  if (sql !== undefined) values.sql = sql.trim();
  const free = new Set(wordsOf(sentence.replace(QUOTED, ' ')));
  for (const reading of READINGS)
    for (const field of fields) {
      if (values[field.name] !== undefined) continue;
      for (const word of free) {
        const value = reading(field, word);
        if (value === undefined) continue;
        values[field.name] = value;
        free.delete(word);
        break;
      }
    }
  const text = QUOTED.exec(sentence)?.[1];
  const room = textField(fields, values, text === undefined);
  if (room === undefined) return values;
  // Who looks for something and does not say "about" has said nothing else.
  const whole = room.required && SEARCHES.includes(room.name) ? sentence : undefined;
  const said = text ?? TOPIC.exec(sentence)?.[1] ?? whole;
  if (said !== undefined) values[room.name] = said.trim();
  return values;
}

function wordsOf(sentence: string): Word[] {
  const words = sentence
    .split(/\s+/)
    .map((word) => word.replace(/^[("'“‘$]+|[)"'”’.,;:!?]+$/g, ''))
    .filter((word) => word !== '');
  return words.map((text, at) => ({
    text,
    before: (words[at - 1] ?? '').toLowerCase(),
    after: (words[at + 1] ?? '').toLowerCase(),
  }));
}

/** `walletId` is named by "wallet", `fromWallet` by "from", a name by "called". */
function names(field: Field, word: string): boolean {
  if (CALLED.has(word)) return NAMES.has(field.name);
  const parts = field.name
    .split(/(?=[A-Z])|_/)
    .map((part) => part.toLowerCase())
    .filter((part) => part !== 'id');
  return parts.some((part) => part === word || `${part}s` === word || part === `${word}s`);
}

/** Ids, amounts and the like: no word of the language. */
const isValue = (text: string): boolean => /\d/.test(text) || text.includes('_');

const holds = (field: Field, text: string): boolean =>
  choice(field, text) !== undefined ||
  isCount(field, text) ||
  (field.type.kind === 'time' && momentOf(text) !== undefined) ||
  (fitsPattern(field, text) && (isValue(text) || NAMES.has(field.name)));

function isCount({ type }: Field, text: string): boolean {
  if (type.kind !== 'number' || !/^-?\d+(?:\.\d+)?$/.test(text)) return false;
  const value = Number(text);
  if (type.integer && !Number.isSafeInteger(value)) return false;
  return value >= (type.minimum ?? -Infinity) && value <= (type.maximum ?? Infinity);
}

/** "2 hours" in the unit of the field, where that is a number it takes. */
function lasting(field: Field, { text, after }: Word): string | undefined {
  const said = SAID_UNITS[after.replace(/s$/, '')];
  const unit = Object.entries(FIELD_UNITS).find(([end]) => field.name.endsWith(end))?.[1];
  if (said === undefined || unit === undefined || !/^\d+$/.test(text)) return undefined;
  const value = String((Number(text) * said) / unit);
  return isCount(field, value) ? value : undefined;
}

/** A moment; or a date, where any text goes. */
const isTime = ({ type }: Field, text: string): boolean =>
  momentOf(text) !== undefined && (type.kind === 'time' || (type.kind === 'text' && type.pattern === undefined));

function choice({ type }: Field, text: string): FormValue | undefined {
  if (type.kind !== 'choice' && type.kind !== 'choices') return undefined;
  const option = type.options.find((one) => one.toLowerCase() === text.toLowerCase());
  return option !== undefined && type.kind === 'choices' ? [option] : option;
}

const plain = (field: Field, text: string): FormValue => choice(field, text) ?? text;

function fitsPattern({ type }: Field, text: string): boolean {
  if ((type.kind !== 'text' && type.kind !== 'long-text') || type.pattern === undefined) return false;
  try {
    return new RegExp(type.pattern, 'u').test(text);
  } catch {
    return false;
  }
}

/** Any word at all, and one with a digit: what a pattern must refuse that tells a value by its form. */
const ANY_WORDS = ['word', 'word2'];

/** Whether a text belongs in this field by its form alone: ids by their first letters, an amount where one is needed. */
const tellsApart = (field: Field, text: string): boolean =>
  fitsPattern(field, text) &&
  !ANY_WORDS.some((word) => fitsPattern(field, word)) &&
  (field.required || !/^\d+$/.test(text));

/** Where a text goes that is no value: what is looked for into a search; what was quoted into the first text there is, too. */
function textField(fields: readonly Field[], values: FormValues, searched: boolean): Field | undefined {
  const texts = fields.filter(
    ({ name, type }) =>
      values[name] === undefined &&
      name !== KEY_FIELD &&
      (type.kind === 'text' || type.kind === 'long-text') &&
      type.pattern === undefined,
  );
  const search = SEARCHES.map((name) => texts.find((field) => field.name === name)).find(
    (field) => field !== undefined,
  );
  return search ?? (searched ? undefined : texts[0]);
}
