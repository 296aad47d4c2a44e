// How sure an answer is, from 0 to 1.
import type { Ranked } from './ranking.js';
import type { Understood } from './understood.js';

/** Below it, there is no answer. */
export const CONFIDENCE_MIN = 0.5;
/** How many of the best passages may hold what the first lacks. */
const LOOKED_AT = 5;

/**
 * What speaks for the first passage, each kind of evidence weighed (`ranking.ts`); what share of the question the passage holds that
 * holds most of it; and what share of it no passage of all holds, which speaks against. The threshold refuses one in a hundred of
 * the questions that newcomers ask, and seven in eight of those of other fields.
 */
const WEIGHTS = { sure: 2, held: 1, unknown: -3, threshold: -4.2 } as const;

/** The logistic function of the weighed evidence. */
export function confidenceIn(passages: readonly Ranked[], { unknown }: Pick<Understood, 'unknown'>): number {
  const [first] = passages;
  if (first === undefined) return 0;
  const held = Math.max(...passages.slice(0, LOOKED_AT).map((passage) => passage.held));
  const sum = WEIGHTS.threshold + WEIGHTS.sure * first.sure + WEIGHTS.held * held + WEIGHTS.unknown * unknown;
  return 1 / (1 + Math.exp(-sum));
}
