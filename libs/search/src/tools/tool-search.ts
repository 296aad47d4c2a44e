// Finds tools by what they are for. It knows words and tools, never who may use them: the asker says which entries count.
import { indexTerms, tokenize } from '../analysis/tokens.js';
import type { FieldSpec } from '../fields.js';
import { SearchIndex } from '../search-index.js';
import { meaningsIn } from './kindred-words.js';
import { nearWords } from './near-words.js';
import { Phrases } from './phrases.js';

/**
 * A name says most about a tool. Keywords are what people say who look for it, so they count more than its own sentences, and however
 * many there are: a tool with many is no less about each. What is only meant by other words counts less than a word that is there.
 * Words of the agent and the toolsets find what a tool's own words do not, and must not outweigh these.
 */
const FIELDS = {
  name: { weight: 4, lengthShare: 0.75 },
  title: { weight: 1.5, lengthShare: 0 },
  parameters: { weight: 0.7, lengthShare: 0.5 },
  keywords: { weight: 2, lengthShare: 0 },
  description: { weight: 0.7, lengthShare: 0.25 },
  belonging: { weight: 0.1, lengthShare: 0.75 },
  meanings: { weight: 1.4, lengthShare: 0.3 },
} as const satisfies Record<string, FieldSpec>;

/** The words that a tool is found by. */
export interface ToolWords {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly string[];
  /** Other people's words for it: phrases, between commas or semicolons where one text has several. */
  readonly keywords: readonly string[];
  /** On what it belongs to, where its own words say too little. */
  readonly belonging: string;
  /** Used every day, so likelier to be meant where words alone do not say. */
  readonly everyday: boolean;
}

/** A question's likelihood as one of a tool's phrases, beside its BM25F. */
const LIKELIHOOD_WEIGHT = 10;

/** Decides between tools that fit about as well, and no more. */
const EVERYDAY_FACTOR = 1.02;

export interface FoundTool<E> {
  readonly entry: E;
  readonly score: number;
}

export class ToolSearch<E> {
  readonly #index = new SearchIndex(FIELDS);
  readonly #everyday = new Set<string>();
  /** All words of all tools. */
  readonly #known = new Set<string>();
  readonly #phrases: Phrases;

  constructor(
    private readonly entries: readonly E[],
    wordsOf: (entry: E) => ToolWords,
  ) {
    const phrases: string[][] = [];
    for (const [number, entry] of entries.entries()) {
      const { name, title, description, parameters, keywords, belonging, everyday } = wordsOf(entry);
      if (everyday) this.#everyday.add(String(number));
      const terms = {
        name: indexTerms(name),
        title: indexTerms(title),
        parameters: indexTerms(parameters.join(' ')),
        keywords: indexTerms(keywords.join(' ')),
        description: indexTerms(description),
        belonging: indexTerms(belonging),
      };
      for (const term of Object.values(terms).flat()) this.#known.add(term);
      this.#index.put(String(number), [{ ...terms, meanings: meaningsIn([name, title, ...keywords].join('\n')) }]);
      phrases.push([title, name, ...keywords.flatMap((keyword) => keyword.split(/[;,]/))]);
    }
    this.#phrases = new Phrases(phrases);
  }

  /** The best tools for the words of `query` that `counts` lets through, best first; of equal ones the one listed first. */
  find(query: string, limit: number, counts: (entry: E) => boolean): FoundTool<E>[] {
    const allowed = (number: string): boolean => {
      const entry = this.entries[Number(number)];
      return entry !== undefined && counts(entry);
    };
    const words = tokenize(query).flatMap((word) => nearWords(word, this.#known));
    const terms = [...words, ...meaningsIn(query)];
    const likelihoods = this.#phrases.likelihoods(query);
    return this.#index
      .search({ terms, limit: this.entries.length, counts: allowed, feedback: false })
      .map(({ key, score }) => ({ key, score: score + LIKELIHOOD_WEIGHT * (likelihoods[Number(key)] ?? 0) }))
      .map(({ key, score }) => ({ key, score: this.#everyday.has(key) ? score * EVERYDAY_FACTOR : score }))
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
      .flatMap(({ key, score }) => {
        const entry = this.entries[Number(key)];
        return entry === undefined ? [] : [{ entry, score }];
      });
  }
}

/** The first sentence of a description. */
export function firstSentence(text: string): string {
  const end = /[.!?](?=\s)/.exec(text);
  return end === null ? text : text.slice(0, end.index + 1);
}
