// What a question takes from those before it: nothing when it stands by itself. "And how do I remove it?" means what was asked before.
import { tokenize } from '@labmesh/search';

/** Words that stand for something said before. "One of", "there is" and "that" before a clause do not. */
const REFERS =
  /\b(?:it|its|they|them|their|theirs|these|those|this|ones|(?:this|that|another|which) one|the (?:same|latter|former)|him|her|his|hers)\b|\bthat\b(?=\s*(?:[?.!,]|$))|\b(?:do|does|did|is|was|about|after|before|of|for|with|from|than|like|to|undo|stop|change)\s+that\b/i;
/** How a question begins that goes on from another. */
const GOES_ON = /^\W*(?:and|or|but|so|then|also|(?:what|how) about|what else|why not|what if)\b/i;
const PREPOSITION = /^\W*(?:in|on|at|with|without|for|from|to|by|as|under|inside|outside|over)\b/i;
/** A question of so few words and without a verb is a piece of one. */
const PIECE_WORDS_MAX = 5;
/** With more words of its own, it says within itself what "it" is. */
const OWN_TERMS_MAX = 4;

/** Whether it cannot be understood without the questions before it. */
export function isFollowUp(question: string): boolean {
  const own = new Set(tokenize(question)).size;
  if (own === 0) return true;
  if (own > OWN_TERMS_MAX) return false;
  if (REFERS.test(question)) return true;
  const words = question.trim().split(/\s+/).length;
  return words <= PIECE_WORDS_MAX && (GOES_ON.test(question) || PREPOSITION.test(question));
}

/**
 * The earlier questions that say what this one is about: back to the last that stands by itself, newest first.
 * @param context oldest first
 */
export function meantBy(question: string, context: readonly string[]): string[] {
  const meant: string[] = [];
  if (!isFollowUp(question)) return meant;
  for (const earlier of context.toReversed()) {
    meant.push(earlier);
    if (!isFollowUp(earlier)) break;
  }
  return meant;
}
