// Answers a question from the corpus with quotations only: every sentence of an answer stands in a cited passage, word
// for word. It never adds, joins or rewords anything.
import type { librarian, ToolOutput } from '@labmesh/contracts';
import { tokenize } from '@labmesh/search';
import type { Corpus, Passage } from '../corpus/corpus.js';
import { quotesOf } from './quotable.js';

export type Answer = ToolOutput<(typeof librarian.tools)['query_knowledge_base']>;

/** An answer is read whole; what more there is, the citations hold. */
const QUOTES_MAX = 5;
/** The best passage may speak twice. */
const QUOTES_OF_BEST = 2;
/** A line of code is quoted only when it fits much better than the sentences around it. */
const CODE_WEIGHT = 0.4;
/** Share of the question, rare words weighing more, that a passage must hold to be called an answer. */
const COVERAGE_MIN = 0.2;

/** Shorter questions may well stand in their own answer. */
const EXAMPLE_TERMS_MIN = 3;

export const NOTHING_FOUND =
  'Nothing in the lab’s documents, templates and logged solutions matches this question. Ask with other words, such as the name of a tool or an agent.';

/** The question's terms, each once, with what it counts. */
type Weights = ReadonlyMap<string, number>;

/** Citations best first; when nothing fits, a sentence that says so and none. */
export function answerFrom(corpus: Corpus, question: string, limit: number): Answer {
  const terms = tokenize(question);
  const weights: Weights = new Map(terms.map((term) => [term, corpus.inverseFrequency(term)]));
  const whole = sum(weights.values());
  const passages = corpus
    .search(terms, 2 * limit)
    .filter(({ heading, text }) => weightIn(`${heading}\n${text}`, weights) >= COVERAGE_MIN * whole)
    .filter(({ text }) => !repeats(text, question, terms))
    .slice(0, limit);
  const quotes = quotesFrom(passages, weights);
  if (quotes.length === 0) return { answer: NOTHING_FOUND, citations: [] };
  return {
    answer: quotes.map(({ text, number }) => `${text} [${number}]`).join('\n\n'),
    citations: passages.map((passage, at) => ({ number: at + 1, ...passage })),
  };
}

/** A passage that holds the whole question word for word gives it as an example, and does not answer it. */
function repeats(text: string, question: string, terms: readonly string[]): boolean {
  return terms.length >= EXAMPLE_TERMS_MIN && text.toLowerCase().includes(question.trim().toLowerCase());
}

/** The best sentences of the best passages, in the order of the citations; the same sentence only once. */
function quotesFrom(passages: readonly Passage[], weights: Weights): { text: string; number: number }[] {
  const quotes = new Map<string, number>();
  for (const [at, passage] of passages.entries()) {
    const fitting = bestQuotes(passage, weights).filter((text) => !quotes.has(text));
    const room = Math.min(at === 0 ? QUOTES_OF_BEST : 1, QUOTES_MAX - quotes.size);
    for (const text of fitting.slice(0, room)) quotes.set(text, at + 1);
  }
  return [...quotes].map(([text, number]) => ({ text, number }));
}

/** Quotations that hold words of the question, best first; the opening one when only the heading holds any. */
function bestQuotes({ text }: Passage, weights: Weights): string[] {
  const quotes = quotesOf(text);
  const weighed = quotes
    .map((quote) => ({ ...quote, weight: weightIn(quote.text, weights) * (quote.code ? CODE_WEIGHT : 1) }))
    .filter(({ weight }) => weight > 0);
  return (weighed.length === 0 ? quotes.slice(0, 1) : weighed.sort((a, b) => b.weight - a.weight)).map(
    (quote) => quote.text,
  );
}

/** How much of the question a text holds: the sum of the weights of the terms in it. */
function weightIn(text: string, weights: Weights): number {
  return sum([...new Set(tokenize(text))].map((term) => weights.get(term) ?? 0));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
