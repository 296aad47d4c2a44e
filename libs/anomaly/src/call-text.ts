// The text of a call: the words in its arguments, as one document of bounded length. Numbers and structure say nothing here.

/** Of one value, its first and its last characters are kept. */
const FIRST_CHARACTERS = 1_500;
const LAST_CHARACTERS = 500;
const CHARACTERS_MAX = 4_000;
const VALUES_MAX = 400;
const DEPTH_MAX = 16;
/** One run of these is no sentence, path or command: there is no space, quote, bracket or dot in it. */
const OPAQUE = /^(?:[0-9a-f]{16,}|[A-Za-z0-9+/_-]{16,}={0,2}|[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]{8,}){1,4})$/;
const OPAQUE_CHECKED = 4_096;
/** Chance made these: each is a surprise, and none says anything. */
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * Every string in the arguments, and every key that is more than an identifier (a name that the caller made up is text
 * too), each on its own line, in the order they stand.
 */
export function callText(args: unknown): string {
  const found: string[] = [];
  let characters = 0;
  let values = 0;
  const take = (text: string): void => {
    if (text === '' || characters >= CHARACTERS_MAX || isOpaque(text)) return;
    const cut = text.length > FIRST_CHARACTERS + LAST_CHARACTERS ? ends(text) : text;
    found.push(cut);
    characters += cut.length;
  };
  const walk = (value: unknown, depth: number): void => {
    if (depth > DEPTH_MAX || ++values > VALUES_MAX) return;
    if (typeof value === 'string') take(value);
    else if (Array.isArray(value)) for (const one of value) walk(one, depth + 1);
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) {
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) take(key);
        walk(one, depth + 1);
      }
  };
  walk(args, 0);
  return found.join('\n').replaceAll(UUID, '0');
}

/** The first and the last part, each up to where one word ends and another begins: half words would be a surprise. */
function ends(text: string): string {
  const first = text.slice(0, FIRST_CHARACTERS).replace(/[^\s,;]{1,80}$/, '');
  const last = text.slice(-LAST_CHARACTERS).replace(/^[^\s,;]{0,80}[\s,;]+/, '');
  return `${first.trimEnd()}\n${last}`;
}

/** Hashes, keys, cursors, ciphertexts, bytes in base64: made by chance or by a cipher, so each would be a surprise. */
function isOpaque(text: string): boolean {
  if (text.length < 16) return false;
  const looked = text.length > OPAQUE_CHECKED ? text.slice(0, OPAQUE_CHECKED) : text;
  if (!OPAQUE.test(looked)) return false;
  return /^[0-9a-f]+$/.test(looked) || (/[0-9]/.test(looked) && /[a-z]/.test(looked) && /[A-Z]/.test(looked));
}
