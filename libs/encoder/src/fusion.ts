// How words and meaning together rank what was found.

/** What words count beside meaning, when nobody says otherwise. */
export const WORDS_SHARE = 0.3;

export interface Evidence {
  /** By words: any number above 0, or 0 for what no word found. */
  readonly words: number;
  /** Undefined where there is no vector yet. */
  readonly cosine: number | undefined;
}

/**
 * `share * words / most + (1 - share) * cosine`, where `most` is the best of all by words. What has no vector keeps the order that words
 * give it, among the others as if its cosine were the best one times its part of the best by words.
 */
export function fusedScores(found: readonly Evidence[], share = WORDS_SHARE): number[] {
  const most = Math.max(...found.map(({ words }) => words), 0) || 1;
  const nearest = Math.max(...found.map(({ cosine = 0 }) => cosine), 0);
  return found.map(({ words, cosine }) => share * (words / most) + (1 - share) * (cosine ?? (words / most) * nearest));
}
