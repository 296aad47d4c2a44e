// Text to search terms: the same function for what is indexed and for what is asked. Nothing here may depend on a locale
// of the machine, or two replicas would find different things.
import { stem } from './stemming.js';
import { STOP_WORDS } from './stop-words.js';

/** Letters with their marks and digits; a number keeps its decimals ("x9.3"), a word its apostrophe ("don't"). */
const WORD = /[\p{L}\p{M}\p{N}]+(?:\.\p{N}+)*(?:['’]\p{L}+)*/gu;
/** Longer runs, such as encoded data, are nothing that anybody asks for; a SHA-256 in hex just fits. */
const WORD_CHARACTERS_MAX = 64;
const LATIN_MARKS = /(?<=\p{Script=Latin})\p{M}+/gu;

/**
 * Lower-case terms in the order of the text, without English stop words, plural and inflection endings or accents:
 * "The galaxies' spectra" -> ["galaxi", "spectra"]. `curator_fetch_dataset` gives its three words. Text without spaces
 * between words (Chinese, Japanese, Thai) gives one term per run.
 */
export function tokenize(text: string): string[] {
  const folded = text.normalize('NFKD').replace(LATIN_MARKS, '').normalize('NFC').toLowerCase();
  const terms: string[] = [];
  for (const [match] of folded.matchAll(WORD)) {
    const word = match.replaceAll('’', "'").replace(/'s$/, '');
    if (word.length <= WORD_CHARACTERS_MAX && !STOP_WORDS.has(word)) terms.push(stem(word));
  }
  return terms;
}
