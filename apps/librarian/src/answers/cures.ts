// A logged solution is asked for what cures. It is found by its problem more often than by its cure, so where the problem has a place
// among the passages, the cure has that place. It changes no other order.
import type { Corpus, Passage, Scope } from '../corpus/corpus.js';
import type { Document } from '../corpus/document.js';
import type { Quote } from './quotable.js';
import type { Ranked } from './ranking.js';

/** Best first: before the first passage of each solution its cure, as good as that passage. */
export function withCures(passages: readonly Ranked[], corpus: Corpus, scope: Scope): Ranked[] {
  const led = new Map<Document, number | undefined>();
  return passages.flatMap((passage): Ranked[] => {
    const { document, entry } = passage;
    if (document.cure === undefined) return [passage];
    if (led.has(document)) return led.get(document) === entry ? [] : [passage];
    const cure = cureOf(document, corpus, scope);
    led.set(document, cure?.entry);
    return cure === undefined || cure.entry === entry
      ? [passage]
      : [{ ...passage, ...cure, score: passage.score }, passage];
  });
}

/** Whether it tells what cures, in words or in code. */
export const isCure = ({ document, start, quotes }: Passage): boolean =>
  document.cure !== undefined &&
  start >= document.cure.start &&
  quotes.some((quote) => (quote.kind === 'statement' || quote.kind === 'code') && isToQuote(document, quote));

/** Tags, evidence and other solutions are named behind a cure to find it by, and are no part of an answer. */
export const isToQuote = ({ cure }: Document, { start }: Quote): boolean => cure === undefined || start < cure.end;

/** The first passage of it: a later one may be found by the tags alone, which stand behind it. */
function cureOf(document: Document, corpus: Corpus, scope: Scope): Passage | undefined {
  for (let entry = 0; ; entry += 1) {
    const passage = corpus.passage(document, entry, scope);
    if (passage === undefined || isCure(passage)) return passage;
  }
}
