// The text of a call: the words in its arguments, as one document for each kind of field, of bounded length together. Numbers
// and structure say nothing here.
import { FIELD_KINDS, type FieldKind, isMade, MADE_PATTERN, type TextFields } from '@labmesh/contracts';

/** Of one value, its first and its last characters are kept. */
const FIRST_CHARACTERS = 1_500;
const LAST_CHARACTERS = 500;
const CHARACTERS_MAX = 4_000;
const VALUES_MAX = 400;
const DEPTH_MAX = 16;
/** One run of these is no sentence, path or command: there is no space, quote, bracket or dot in it. */
const OPAQUE = /^(?:[0-9a-f]{16,}|[A-Za-z0-9+/_-]{16,}={0,2}|[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]{8,}){1,4})$/;
const OPAQUE_CHECKED = 4_096;
/** What the lab itself makes by chance or by a cipher, and hashes, wherever it stands in a text. */
const MADE = new RegExp(MADE_PATTERN, 'g');
/** Of a long value so much of each end is looked through for them: more than the longest of them. */
const LOOKED_THROUGH = 12_000;
/** Chance made these: each is a surprise, and none says anything. */
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export interface CallText {
  readonly field: FieldKind;
  readonly text: string;
}

/**
 * Every string in the arguments, and every key that is more than an identifier (a name that the caller made up is text
 * too), each on its own line, in the order they stand; what fields of one kind hold is together. What the tool does not know
 * of is prose.
 */
export function callTexts(args: unknown, fields: TextFields): CallText[] {
  const found = new Map<FieldKind, string[]>();
  let characters = 0;
  let values = 0;
  const take = (text: string, field: FieldKind): void => {
    if (text === '' || characters >= CHARACTERS_MAX || isOpaque(text)) return;
    const cut = text.length > FIRST_CHARACTERS + LAST_CHARACTERS ? ends(text) : withoutMade(text);
    const lines = found.get(field);
    if (lines === undefined) found.set(field, [cut]);
    else lines.push(cut);
    characters += cut.length;
  };
  const walk = (value: unknown, depth: number, around: TextFields): void => {
    if (depth > DEPTH_MAX || ++values > VALUES_MAX) return;
    if (typeof value === 'string') take(value, around.holds);
    else if (Array.isArray(value)) for (const one of value) walk(one, depth + 1, within(around));
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) {
        const member = around.members?.get(key);
        if (member === undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) take(key, around.holds);
        walk(one, depth + 1, member ?? within(around));
      }
  };
  walk(args, 0, fields);
  const texts: CallText[] = [];
  for (const field of FIELD_KINDS) {
    const lines = found.get(field);
    if (lines !== undefined) texts.push({ field, text: lines.join('\n').replaceAll(UUID, '0') });
  }
  return texts;
}

/** What is in a value of which no more is known holds what the value does. */
const within = (around: TextFields): TextFields => around.items ?? { holds: around.holds };

/** The first and the last part, each up to where one word ends and another begins: half words would be a surprise. */
function ends(text: string): string {
  const first = withoutMade(text.slice(0, LOOKED_THROUGH))
    .slice(0, FIRST_CHARACTERS)
    .replace(/[^\s,;]{1,80}$/, '');
  const last = withoutMade(text.slice(-LOOKED_THROUGH))
    .slice(-LAST_CHARACTERS)
    .replace(/^[^\s,;]{0,80}[\s,;]+/, '');
  return `${first.trimEnd()}\n${last}`;
}

const withoutMade = (text: string): string => text.replaceAll(MADE, '0');

/** Hashes, keys, cursors, ciphertexts, bytes in base64. Of a long value both ends, which is all that would be read of it. */
const isOpaque = (text: string): boolean =>
  text.length <= OPAQUE_CHECKED
    ? isRun(text)
    : isRun(text.slice(0, OPAQUE_CHECKED)) && isRun(text.slice(-OPAQUE_CHECKED));

/** Made by chance or by a cipher, so each would be a surprise. */
function isRun(text: string): boolean {
  if (text.length < 16) return false;
  if (isMade(text)) return true;
  if (!OPAQUE.test(text)) return false;
  return /^[0-9a-f]+$/.test(text) || (/[0-9]/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text));
}
