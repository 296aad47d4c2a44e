// How sure an answer is, from 0 to 1.
import type { Ranked } from './ranking.js';
import type { Understood } from './understood.js';

/** Below it, there is no answer. */
export const CONFIDENCE_MIN = 0.5;
/** How many of the best passages may hold what the first lacks. */
const LOOKED_AT = 5;
/** Of the best so many, how much they say together, and how they lie. */
const BEST = 20;
/** Among fewer documents, or such short ones, what stands beside the best passage says nothing, and counts as in the middle. */
const DOCUMENTS_MIN = 10;
const PASSAGES_MIN = 2;
const UNSAID = { said: 1.15, spread: 0.45 } as const;

/**
 * The threshold refuses three in a hundred of the questions that newcomers ask, nearly all of other fields, and a quarter of the
 * newcomers' questions when the documents that answer them are gone. Learnt on the first 60 and 40 of these, and rounded, but for
 * what is held and unknown: these count more than they would, as by them questions of other fields are refused.
 * `refusals.long.spec.ts` learns them anew, and measures on questions that had no part in it.
 */
const WEIGHTS = { said: 1.2, held: 3, unknown: -4, spread: -3, threshold: -4.2 } as const;

/** What speaks for an answer, and against it. */
export interface Signs {
  /**
   * What the best passages say together, each kind of evidence weighed (`ranking.ts`): a soft maximum, so that the best counts most,
   * and others that say as much add to it. What is written down is said by its heading, its sentences, and its neighbours.
   */
  readonly said: number;
  /**
   * Share of the question in the passage, of the first, that holds most of it, as if the question had one more word that nothing
   * holds: that a question's only word is found says little.
   */
  readonly held: number;
  /**
   * Share of the question that no passage of all holds, squared: a word that nothing holds is nothing among many, and what the
   * question is about among few.
   */
  readonly unknown: number;
  /** How many documents the best passages are of, for each passage. An answer stands in few; an echo of its words is everywhere. */
  readonly spread: number;
}

/** Of passages in their order, best first; undefined when there are none. */
export function signsIn(
  passages: readonly Ranked[],
  { unknown: share, substance }: Pick<Understood, 'unknown' | 'substance'>,
): Signs | undefined {
  const [first] = passages;
  if (first === undefined) return undefined;
  const unknown = share ** 2;
  const best = passages.slice(0, BEST);
  const held = substance * Math.max(...best.slice(0, LOOKED_AT).map((passage) => passage.held));
  const documents = documentsOf(passages);
  if (documents < DOCUMENTS_MIN || passages.length < PASSAGES_MIN * documents)
    return { said: first.sure + UNSAID.said, held, unknown, spread: UNSAID.spread };
  const said = Math.log(best.reduce((sum, { sure }) => sum + Math.exp(2 * sure), 0)) / 2;
  return { said, held, unknown, spread: documentsOf(best) / best.length };
}

const documentsOf = (passages: readonly Ranked[]): number => new Set(passages.map(({ document }) => document)).size;

/** The logistic function of the weighed signs. */
export function confidenceOf(signs: Signs): number {
  const { threshold, ...weights } = WEIGHTS;
  let sum: number = threshold;
  for (const [sign, weight] of Object.entries(weights)) sum += weight * signs[sign as keyof Signs];
  return 1 / (1 + Math.exp(-sum));
}
