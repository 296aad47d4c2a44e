// Takes well-known forms of secrets out of text before it is written: the last guard, behind code that logs none. It must never
// break a JSON line: nothing reaches over a closing quote. What it looks at once it does not look at again, so that a hostile
// line costs time in proportion to its length.
import { SECRET_BEGINNING, SECRET_PATTERN } from './secret-forms.js';

/** Stands for a secret, in logs and in what is kept of them. */
export const TAKEN_OUT = '[masked]';

const WORDS =
  'pass(?:word|wd|phrase)?|pwd|secret|api[_-]?key|access[_-]?key|account[_-]?key|secret[_-]?key|private[_-]?key|token|credentials?|authorization';

/** Private keys in PEM, and of PGP, also when the end was cut off. */
const PEM =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END )(?:[^"\\]|\\[^"])){0,20000}(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g;
/** A JSON Web Token, whole or cut. What begins so and is none is passed over as a whole. */
const JWT = /(?<![A-Za-z0-9])eyJ[\w-]{6,8000}(\.[\w-]{6,8000}(?:\.[\w-]{0,8000})?)?/g;

const RULES: ReadonlyArray<readonly [RegExp, string]> = [
  [PEM, TAKEN_OUT],
  [/\b(Bearer|Basic)(\s{1,8})[\w.~+/=-]{8,8192}/gi, `$1$2${TAKEN_OUT}`],
  [new RegExp(SECRET_PATTERN, 'g'), TAKEN_OUT],
  // "password": "…", in JSON and in JSON within a JSON text.
  [new RegExp(`((?:${WORDS})"\\s{0,8}:\\s{0,8}")(?:[^"\\\\]|\\\\.){1,8192}`, 'gi'), `$1${TAKEN_OUT}`],
  [new RegExp(`((?:${WORDS})\\\\"\\s{0,8}:\\s{0,8}\\\\")[^"\\\\]{1,8192}`, 'gi'), `$1${TAKEN_OUT}`],
  // password=… of a setting or a query, a one-time code and a signature (Azure) in an address, a key of AWS in YAML.
  [new RegExp(`((?:${WORDS})\\s{0,2}=\\s{0,2})[^\\s"\\\\&;,]{3,4096}`, 'gi'), `$1${TAKEN_OUT}`],
  [/([?#&](?:code|sig)=)[^\s"\\&]{4,512}/gi, `$1${TAKEN_OUT}`],
  [/(secret_?access_?key\s{0,2}:\s{1,8})[^\s"\\]{8,200}/gi, `$1${TAKEN_OUT}`],
];

/** One pass that finds nothing in a usual line, so that a usual line costs only that. */
const SUSPICIOUS = new RegExp(
  `PRIVATE KEY|:\\/\\/[^\\s/"\\\\]{0,600}@|\\b(?:Bearer|Basic)\\s|[?#&](?:code|sig)=|${WORDS}|eyJ|${SECRET_BEGINNING}`,
  'i',
);

export function redactSecrets(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  let clean = withoutPasswords(text).replace(JWT, (found: string, rest?: string) =>
    rest === undefined ? found : TAKEN_OUT,
  );
  for (const [pattern, replacement] of RULES) clean = clean.replace(pattern, replacement);
  return clean;
}

const USER_MAX = 256;
const PASSWORD_MAX = 512;
const USER_ENDS = /[\s:@/"\\]/g;
const ADDRESS_ENDS = /[\s"\\]/g;

/** Masks `user:password@` of any address, and the lone token of a NATS address. */
function withoutPasswords(text: string): string {
  const parts: string[] = [];
  let done = 0;
  const [at, end] = [finder(text, /@/g), finder(text, ADDRESS_ENDS)];
  for (let slashes = text.indexOf('://'); slashes !== -1; slashes = text.indexOf('://', slashes + 3)) {
    const user = slashes + 3;
    // Both only ever move on: the text is read once, however many addresses are in it.
    if (at(user) === text.length) break;
    const [from, to] = secretOf(text, { user, nextAt: at(user), end: end(user) });
    if (from === to || from < done) continue;
    parts.push(text.slice(done, from), TAKEN_OUT);
    done = to;
  }
  parts.push(text.slice(done));
  return parts.join('');
}

/** From where to where the secret of an address goes; nowhere when it has none. */
function secretOf(
  text: string,
  { user, nextAt, end }: { user: number; nextAt: number; end: number },
): readonly [number, number] {
  const none = [user, user] as const;
  if (nextAt >= end || nextAt - user > USER_MAX + PASSWORD_MAX) return none;
  USER_ENDS.lastIndex = user;
  const ends = USER_ENDS.exec(text)?.index ?? text.length;
  if (text[ends] === '@') return text.slice(user - 7, user) === 'nats://' && ends - user >= 4 ? [user, ends] : none;
  if (text[ends] !== ':' || ends - user > USER_MAX) return none;
  const limit = Math.min(end, ends + 1 + PASSWORD_MAX);
  if (nextAt > limit) return none;
  const last = text.lastIndexOf('@', limit);
  return last > ends + 1 ? [ends + 1, last] : none;
}

/** The next place of a pattern at or after a place that only grows; the text's length where there is none. */
function finder(text: string, pattern: RegExp): (from: number) => number {
  const own = new RegExp(pattern);
  let found = -1;
  return (from) => {
    if (found < from) {
      own.lastIndex = from;
      found = own.exec(text)?.index ?? text.length;
    }
    return found;
  };
}
