// When two solutions are the same, and how alike two are. Texts only: it knows no rows.
import { createHash } from 'node:crypto';
import { tokenize } from '@labmesh/search';

export interface Said {
  readonly problem: string;
  readonly solution: string;
}

/** From so much on one solution looks like another: a word or two are different, or a sentence was added. */
export const ALIKE_MIN = 0.7;
/** As for short texts: an alphabet's words of five letters are many more than a text has. */
const SHINGLE_CHARACTERS = 5;

/** What a text says, without what a keyboard or a copy adds: letters in their plain form, one space between words. */
const plainForm = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/** Equal for what says the same. */
export const contentHash = ({ problem, solution }: Said): string =>
  createHash('sha256')
    .update(JSON.stringify([plainForm(problem), plainForm(solution)]))
    .digest('hex');

/** How alike two are: by their letters or by their words, whichever says more. */
export const likeness = (one: Said, other: Said): number => Math.max(resemblance(one, other), sameWords(one, other));

/**
 * Share of their words (stems of the search's own terms) that two have in common, in whatever order and form, from 0 to 1: of problems
 * and of solutions, whichever is less, since another cure of the same trouble is another solution.
 *
 * Source: P. Jaccard, "The distribution of the flora in the alpine zone", New Phytologist 11 (1912), for the share of two sets.
 */
export function sameWords(one: Said, other: Said): number {
  return Math.min(common(one.problem, other.problem), common(one.solution, other.solution));
}

function common(one: string, other: string): number {
  const [mine, theirs] = [new Set(tokenize(one)), new Set(tokenize(other))];
  const both = [...mine].filter((term) => theirs.has(term)).length;
  const all = mine.size + theirs.size - both;
  return all === 0 ? Number(plainForm(one) === plainForm(other)) : both / all;
}

/**
 * Share of their shingles (all runs of five letters of the plain form) that two have in common, from 0 to 1; those of problems and of
 * solutions are told apart. It needs no words, so it holds for any script.
 *
 * Sources: A. Broder, "On the resemblance and containment of documents", SEQUENCES 1997; J. Leskovec, A. Rajaraman, J. Ullman,
 * "Mining of Massive Datasets", 3rd edition, section 3.2, for their length.
 */
export function resemblance(one: Said, other: Said): number {
  const [mine, theirs] = [shinglesOf(one), shinglesOf(other)];
  let common = 0;
  for (const shingle of mine) if (theirs.has(shingle)) common += 1;
  return common / (mine.size + theirs.size - common);
}

function shinglesOf({ problem, solution }: Said): Set<string> {
  const shingles = new Set<string>();
  for (const [part, text] of [plainForm(problem), plainForm(solution)].entries()) {
    // A text that is shorter than a shingle is one.
    for (let at = 0; at <= Math.max(0, text.length - SHINGLE_CHARACTERS); at += 1)
      shingles.add(`${part}${text.slice(at, at + SHINGLE_CHARACTERS)}`);
  }
  return shingles;
}
