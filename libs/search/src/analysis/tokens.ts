// Text to search terms: what is indexed and what is asked come through the same rules. Nothing here may depend on a locale of the
// machine, or two replicas would find different things.
import { folded } from './folding.js';
import { mayBeUnspaced, pairsOf, runsOf } from './scripts.js';
import { stem } from './stemming.js';
import { STOP_WORDS } from './stop-words.js';

/** Changes when the same text gives other terms: an index made before is made anew. */
export const ANALYSIS = 1;

/** Words with what joins them to one name: `snake_case`, `os.path`, `ns::name`, `CVE-2024-1`, `don't`; and `C++`, `C#`. */
const CHUNK = /[\p{L}\p{M}\p{N}]+(?:(?:['.:-]|::|_+)[\p{L}\p{M}\p{N}]+)*(?:\+\+|#(?![\p{L}\p{N}]))?/uy;
/** Letters with their marks and digits; a number keeps its decimals ("x9.3"), a word its apostrophe ("don't"). */
const WORD = /[\p{L}\p{M}\p{N}]+(?:\.\p{N}+)*(?:'\p{L}+)*/gu;
/** Where a part of `camelCase` or `HTTPServer` begins. */
const HUMP = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
/** Names as programs have them, and codes of letters and digits, are asked for as a whole too. */
const NAME = /_|::|\p{L}\.\p{L}|[\p{Ll}]\p{Lu}|\p{Lu}\p{Lu}\p{Ll}|[+#]$/u;
const CODE = /^(?=.*[-:])(?=.*\p{L})(?=.*\p{N})/u;
/** Longer runs, such as encoded data, are nothing that anybody asks for; a SHA-256 in hex just fits. */
const WORD_CHARACTERS_MAX = 64;
const NAME_CHARACTERS_MAX = 128;

/**
 * Lower-case terms in the order of the text, without English stop words, plural and inflection endings or accents: "The galaxies'
 * spectra" -> ["galaxi", "spectra"]. A name or code gives its parts, then itself as often as it has parts, since who asks for a
 * whole name means that one: `fetchDataset` -> ["fetch", "dataset", "fetchdataset", "fetchdataset"]. Writing without spaces gives pairs of letters.
 */
export function tokenize(text: string): string[] {
  return termsOf(text, false);
}

/** The terms under which a text is found: those of `tokenize`, each as often as it stands there, and single letters of writing without spaces. */
export function indexTerms(text: string): string[] {
  return termsOf(text, true);
}

function termsOf(text: string, indexed: boolean): string[] {
  const terms: string[] = [];
  const add = (word: string): void => {
    const bare = word.endsWith("'s") ? word.slice(0, -2) : word;
    if (bare.length <= WORD_CHARACTERS_MAX && bare !== '' && !STOP_WORDS.has(bare)) terms.push(stem(bare));
  };
  const addName = (chunk: string): void => {
    const { parts, whole } = nameOf(chunk);
    for (const part of parts) add(part);
    if (whole === undefined) return;
    const times = indexed ? 1 : Math.max(1, parts.length);
    for (let time = 0; time < times; time += 1) terms.push(whole);
  };
  const clean = folded(text);
  const unspaced = mayBeUnspaced(clean);
  for (let at = 0; at < clean.length; ) {
    const end = plainEnd(clean, at);
    if (end > at) {
      add(clean.slice(at, end).toLowerCase());
      at = end;
      continue;
    }
    CHUNK.lastIndex = at;
    const chunk = startsWord(clean.charCodeAt(at)) ? CHUNK.exec(clean)?.[0] : undefined;
    if (chunk === undefined) {
      at += 1;
      continue;
    }
    at += chunk.length;
    if (unspaced && mayBeUnspaced(chunk))
      for (const run of runsOf(chunk)) {
        if (run.unspaced) terms.push(...pairsOf(run.text, indexed));
        else addName(run.text);
      }
    else addName(chunk);
  }
  return terms;
}

const isLower = (code: number): boolean => code >= 0x61 && code <= 0x7a;
const isUpper = (code: number): boolean => code >= 0x41 && code <= 0x5a;
const startsWord = (code: number): boolean =>
  isLower(code) || isUpper(code) || (code >= 0x30 && code <= 0x39) || code >= 0x80;

/** Where an English word ends that begins here and that nothing joins to more; `at` when there is none. Most words are such. */
function plainEnd(text: string, at: number): number {
  let end = at + (isUpper(text.charCodeAt(at)) ? 1 : 0);
  while (isLower(text.charCodeAt(end))) end += 1;
  const next = text.charCodeAt(end);
  if (startsWord(next) || next === 0x5f || next === 0x2b || next === 0x23) return at;
  const joins = next === 0x27 || next === 0x2e || next === 0x3a || next === 0x2d;
  return joins && (startsWord(text.charCodeAt(end + 1)) || text.charCodeAt(end + 1) === 0x3a) ? at : end;
}

/** The words of a name or code in lower case, and itself where it is asked for as a whole. */
function nameOf(chunk: string): { readonly parts: readonly string[]; readonly whole: string | undefined } {
  const signed = /(?:\+\+|#)$/.test(chunk);
  const words = (chunk.match(WORD) ?? []).flatMap((word) => word.split(HUMP));
  const whole = signed || (words.length > 1 && (NAME.test(chunk) || CODE.test(chunk)));
  return {
    parts: signed && chunk.length <= 3 ? [] : words.map((word) => word.toLowerCase()),
    whole: whole && chunk.length <= NAME_CHARACTERS_MAX ? stem(chunk.toLowerCase()) : undefined,
  };
}
