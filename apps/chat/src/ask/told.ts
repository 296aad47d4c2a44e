// What a sentence tells the lab to do: whether it tells or asks, and which of its words go into which field of a tool's form. A word
// goes where the form's own schema lets it; what fits nowhere is left for the person, and nothing is run.
import type { FormValues } from '../tools/form-input.js';
import { KEY_FIELD } from '../tools/key-field.js';
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

interface Word {
  readonly text: string;
  /** In lower case, what stands before it. */
  readonly before: string;
  readonly after: string;
}

/** What the sentence says of the fields, as it would be typed into them. */
export function filledFrom(fields: readonly Field[], sentence: string): FormValues {
  const values: Record<string, string | readonly string[]> = {};
  const free = new Set(wordsOf(sentence.replace(QUOTED, ' ')));
  const take = (field: Field, word: Word | undefined): void => {
    if (word === undefined || values[field.name] !== undefined) return;
    values[field.name] = plainValue(field, word.text);
    free.delete(word);
  };
  // A word behind the field's own name ("to wal_1", "limit 5") belongs there before any other.
  for (const field of fields)
    take(
      field,
      first(free, (word) => names(field, word.before) && holds(field, word.text)),
    );
  for (const field of fields)
    take(
      field,
      first(free, (word) => names(field, word.after) && isCount(field, word.text)),
    );
  for (const field of fields)
    take(
      field,
      first(free, (word) => isChoiceOf(field, word.text)),
    );
  for (const field of fields)
    take(
      field,
      first(free, (word) => isValue(word.text) && fitsPattern(field, word.text)),
    );
  for (const field of fields)
    if (field.required)
      take(
        field,
        first(free, (word) => isCount(field, word.text)),
      );
  const text = QUOTED.exec(sentence)?.[1];
  const room = textField(fields, values, text === undefined);
  const said = text ?? TOPIC.exec(sentence)?.[1];
  if (room !== undefined && said !== undefined) values[room.name] = said.trim();
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

const first = (words: ReadonlySet<Word>, fits: (word: Word) => boolean): Word | undefined => [...words].find(fits);

/** `walletId` is named by "wallet", `fromWallet` by "from". */
function names(field: Field, word: string): boolean {
  const parts = field.name
    .split(/(?=[A-Z])|_/)
    .map((part) => part.toLowerCase())
    .filter((part) => part !== 'id');
  return parts.some((part) => part === word || `${part}s` === word || part === `${word}s`);
}

/** Ids, amounts and the like: no word of the language. */
const isValue = (text: string): boolean => /\d/.test(text) || text.includes('_');

const holds = (field: Field, text: string): boolean =>
  isChoiceOf(field, text) || isCount(field, text) || (fitsPattern(field, text) && isValue(text));

function isCount({ type }: Field, text: string): boolean {
  if (type.kind !== 'number' || !/^-?\d+(?:\.\d+)?$/.test(text)) return false;
  const value = Number(text);
  if (type.integer && !Number.isSafeInteger(value)) return false;
  return value >= (type.minimum ?? -Infinity) && value <= (type.maximum ?? Infinity);
}

const choiceOf = (options: readonly string[], text: string): string | undefined =>
  options.find((option) => option.toLowerCase() === text.toLowerCase());

const isChoiceOf = ({ type }: Field, text: string): boolean =>
  type.kind === 'choice' && choiceOf(type.options, text) !== undefined;

function fitsPattern({ type }: Field, text: string): boolean {
  if ((type.kind !== 'text' && type.kind !== 'long-text') || type.pattern === undefined) return false;
  try {
    return new RegExp(type.pattern, 'u').test(text);
  } catch {
    return false;
  }
}

const plainValue = ({ type }: Field, text: string): string =>
  type.kind === 'choice' ? (choiceOf(type.options, text) ?? text) : text;

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
