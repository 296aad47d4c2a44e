// Answers a question from the corpus with quotations only: every sentence of an answer stands in a cited passage, word for word, and is
// said with its place. It never adds, joins or rewords anything, and says when there is no answer.
import type { Corpus, Scope } from '../corpus/corpus.js';
import type { Meaning } from '../meaning/meaning.js';
import { CONFIDENCE_MIN, confidenceOf, signsIn } from './confidence.js';
import { Credit } from './credit.js';
import { withCures } from './cures.js';
import { type Answer, placeOf, UNTRUSTED } from './place.js';
import type { Quote } from './quotable.js';
import { type Ranked, ranked } from './ranking.js';
import { sayings } from './sayings.js';
import { type Asking, understood } from './understood.js';

/** An answer is read whole; what more there is, the citations hold. */
const CLAIMS_MAX = 5;
/** The best passage may speak twice. */
const CLAIMS_OF_BEST = 2;
/** A passage that is so much worse than the best says nothing, and is only cited. */
const SHARE_OF_BEST = 0.6;
/** Passages that are named when none is an answer. */
const NEAREST_MAX = 3;
/** Shorter questions may well stand in their own answer. */
const EXAMPLE_CHARACTERS_MIN = 20;

export const NOTHING_FOUND =
  'It is not in the knowledge base: nothing in the lab’s documents, templates, logged solutions and datasets answers this question. Ask with other words, such as the name of a tool or an agent.';

export interface Asked extends Asking {
  /** Most passages that are cited. */
  readonly limit: number;
}

interface Claimed {
  readonly quote: Quote;
  readonly number: number;
}

/** Citations best first; when nothing answers, a sentence that says so, and what is nearest. */
export function answerFrom(corpus: Corpus, asked: Asked, scope: Scope, meaning?: Meaning): Answer {
  const question = understood(corpus, asked, scope);
  const credit = new Credit(question);
  const { byWords, best } = ranked(corpus, question, scope, meaning);
  const says = (passage: Ranked): boolean => !repeats(passage, asked.question, credit);
  const signs = signsIn(byWords.filter(says), question);
  const confidence = signs === undefined ? 0 : confidenceOf(signs);
  const passages = withCures(best.filter(says), corpus, scope);
  const cited = passages.slice(0, asked.limit);
  const claims = confidence < CONFIDENCE_MIN ? [] : claimsFrom(cited, credit);
  const cite = ({ document, rank, ...chunk }: Ranked) => ({ ...placeOf(document, chunk, chunk), score: rank });
  if (claims.length === 0)
    return {
      answered: false,
      confidence,
      answer: NOTHING_FOUND,
      claims: [],
      citations: [],
      nearest: cited.slice(0, NEAREST_MAX).map(cite),
      untrusted: UNTRUSTED,
    };
  return {
    answered: true,
    confidence,
    answer: claims.map(({ quote, number }) => `${quote.text} [${number}]`).join('\n\n'),
    claims: claims.flatMap(({ quote, number }) => {
      const passage = cited[number - 1];
      return passage === undefined ? [] : [{ number, ...placeOf(passage.document, passage, quote) }];
    }),
    citations: cited.map((passage, at) => ({ number: at + 1, ...cite(passage) })),
    nearest: [],
    untrusted: UNTRUSTED,
  };
}

/** A passage that gives the whole question as an example, in code or among other questions, and says nothing to it. */
function repeats({ quotes, words, text }: Ranked, question: string, credit: Credit): boolean {
  const wanted = question.trim().toLowerCase();
  if (wanted.length < EXAMPLE_CHARACTERS_MIN || !text.toLowerCase().includes(wanted)) return false;
  return !quotes.some(
    (quote, at) =>
      quote.kind === 'statement' && !quote.text.toLowerCase().includes(wanted) && credit.of(words.quotes[at] ?? []) > 0,
  );
}

/** The best sentences of the best passages, in the order of the citations; the same sentence only once. */
function claimsFrom(cited: readonly Ranked[], credit: Credit): Claimed[] {
  const claims = new Map<string, Claimed>();
  for (const [at, passage] of cited.entries()) {
    if (at > 0 && passage.rank < SHARE_OF_BEST * (cited[0]?.rank ?? 0)) continue;
    const room = Math.min(at === 0 ? CLAIMS_OF_BEST : 1, CLAIMS_MAX - claims.size);
    const fitting = sayings(passage, credit).filter(({ text }) => !claims.has(text));
    for (const quote of fitting.slice(0, room)) claims.set(quote.text, { quote, number: at + 1 });
  }
  return [...claims.values()];
}
