// What of a passage is said as an answer: sentences that stand by themselves, each an exact slice. It never says half of what is meant:
// no words that only lead on to what follows, and nothing with a mark of a comment within it.
import { indexTerms } from '@labmesh/search';
import type { Credit } from './credit.js';
import { isCure, isToQuote } from './cures.js';
import type { Quote } from './quotable.js';
import type { Ranked } from './ranking.js';

/** "Do it so:" says nothing without what comes then. */
const LEADS_ON = /[:：]["'”’»`)\]*_]*$/u;

interface Said {
  readonly quote: Quote;
  /** Share of the question in it. */
  readonly held: number;
}

/**
 * Statements that hold words of the question, best first; the opening one when only the heading does. A cure opens with what is to be
 * done, in words or else in code, so its opening comes first.
 */
export function sayings(passage: Ranked, credit: Credit): Quote[] {
  const whole = wholeOf(passage, credit);
  const pieces = whole.some(({ held }) => held > 0) ? [] : piecesOf(passage, credit);
  const said = [...whole, ...pieces];
  const holding = said.filter(({ held }) => held > 0).sort((a, b) => b.held - a.held);
  const opening = said.slice(0, 1);
  const first = isCure(passage) || holding.length === 0 ? opening : [];
  return [...new Set([...first, ...holding].map(({ quote }) => quote))];
}

function wholeOf(passage: Ranked, credit: Credit): Said[] {
  const { quotes, words, document } = passage;
  const termsAt = (at: number): readonly string[] => words.quotes[at] ?? [];
  // What was asked for may stand in the words that led on to it.
  const all = quotes.map((quote, at): Said => {
    const led = at > 0 && leadsOn(quotes[at - 1]);
    return { quote, held: credit.of([...termsAt(at), ...(led ? termsAt(at - 1) : [])]) };
  });
  const open = all.filter(({ quote }) => isToQuote(document, quote));
  const isSaid = ({ quote }: Said): boolean =>
    quote.kind === 'statement' && quote.pieces === undefined && !leadsOn(quote);
  const said = open.filter((each) => isSaid(each) || document.kind === 'code');
  return said.length === 0 && isCure(passage) ? open.filter(({ quote: { kind } }) => kind === 'code') : said;
}

/** Lines of sentences that cannot be said whole. */
const piecesOf = ({ quotes }: Ranked, credit: Credit): Said[] =>
  quotes
    .flatMap(({ kind, pieces }) => (kind === 'statement' ? (pieces ?? []) : []))
    .filter((quote) => !leadsOn(quote))
    .map((quote) => ({ quote, held: credit.of(indexTerms(quote.text)) }));

const leadsOn = (quote: Quote | undefined): boolean => quote?.kind === 'statement' && LEADS_ON.test(quote.text);
