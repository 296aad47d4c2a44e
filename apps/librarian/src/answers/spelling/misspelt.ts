// Which words of a question may be misspelt, and what they are read as: never a name or a code, never a word that something holds, and
// only as a word that something holds or that says nothing. What is asked for may well be missing, and is to be refused then.
import { tokenize } from '@labmesh/search';

/** How many passages hold each term. */
export type Counts = (terms: Iterable<string>) => ReadonlyMap<string, number>;

/** Shorter words are near to too many; of these only those that say nothing are put right ("wich"). */
const LETTERS_MIN = 5;
const WORDLESS_LETTERS_MIN = 4;
const LETTERS_MAX = 20;
/** So many words of a question are looked at: one in another language has no other, and would take long. */
const WORDS_MAX = 5;

/** Words of plain letters that nothing joins to others, with a capital only where a sentence begins: others are names. */
const WORD = /(?<![\p{L}\p{M}\p{N}_.:/'’@-])(?:(?<=^\s*)[A-Z])?[a-z]+(?![\p{L}\p{M}\p{N}_:/'’@+#-]|\.[\p{L}\p{N}])/gu;

/** In lower case, each once: words that nothing holds. */
export function unheldWords(question: string, counts: Counts): string[] {
  const terms = new Map([...question.matchAll(WORD)].map(([word]) => [word.toLowerCase(), tokenize(word)]));
  const held = counts(new Set([...terms.values()].flat()));
  const isUnheld = ([word, of]: [string, string[]]): boolean =>
    word.length >= WORDLESS_LETTERS_MIN &&
    word.length <= LETTERS_MAX &&
    of.length > 0 &&
    of.every((term) => (held.get(term) ?? 0) === 0);
  return [...terms]
    .filter(isUnheld)
    .map(([word]) => word)
    .slice(0, WORDS_MAX);
}

/**
 * What it is read as: a word that says nothing, else the one that most passages hold; undefined where there is none.
 * @param near words that one slip makes of it, likelier slips first
 */
export function meantBy(word: string, near: readonly string[], counts: Counts): string | undefined {
  const others = new Map<string, string>();
  for (const other of near) {
    const [term] = tokenize(other);
    if (term === undefined) return other;
    if (word.length >= LETTERS_MIN && !others.has(term)) others.set(term, other);
  }
  const held = [...counts(others.keys())].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  return others.get(held[0]?.[0] ?? '');
}

/** The question with other words in the place of some, given in lower case. */
export function reworded(question: string, meant: ReadonlyMap<string, string>): string {
  return question.replaceAll(WORD, (word) => {
    const other = meant.get(word.toLowerCase());
    if (other === undefined) return word;
    return /^[A-Z]/.test(word) ? `${other.charAt(0).toUpperCase()}${other.slice(1)}` : other;
  });
}
