// Finds tools by what they are for. It knows words and tools, never who may use them: the asker says which entries count.
import type { ToolSpec } from '@labmesh/contracts';
import { Bm25Index, tokenize } from '@labmesh/search';
import type { ListedTool } from './listing.js';

/** A name or title says more about a tool than its parameters, and those more than a sentence about it. */
const NAME_WEIGHT = 3;
const PARAMETER_WEIGHT = 2;
/** Words of the agent and the toolsets find what a tool's own words do not, and must not outweigh these. */
const BELONGING_WEIGHT = 0.25;
/** Other people's words for it. */
const KEYWORDS_WEIGHT = 2;

export interface FoundTool<E> {
  readonly entry: E;
  readonly score: number;
}

/** `datasetId` -> "dataset Id", so that a word of a name is found; names with underscores the tokenizer takes apart. */
const words = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2');

export interface Searchable {
  readonly listed: ListedTool;
  readonly spec: Pick<ToolSpec, 'keywords'>;
}

export class ToolSearch<E extends Searchable> {
  readonly #index = new Bm25Index();

  /** @param about words on what the tool belongs to, where its own say too little */
  constructor(
    private readonly entries: readonly E[],
    about: (entry: E) => string,
  ) {
    for (const entry of entries) {
      const { listed, spec } = entry;
      const properties = (listed.inputSchema.properties ?? {}) as Record<string, unknown>;
      this.#index.add([
        { terms: tokenize(words(listed.name)), weight: NAME_WEIGHT },
        { terms: tokenize(listed.title), weight: NAME_WEIGHT },
        { terms: tokenize(words(Object.keys(properties).join(' '))), weight: PARAMETER_WEIGHT },
        { terms: tokenize((spec.keywords ?? []).join(' ')), weight: KEYWORDS_WEIGHT },
        { terms: tokenize(listed.description), weight: 1 },
        { terms: tokenize(about(entry)), weight: BELONGING_WEIGHT },
      ]);
    }
  }

  /** The best tools for the words of `query` that `counts` lets through, best first; of equal ones the one listed first. */
  find(query: string, limit: number, counts: (entry: E) => boolean): FoundTool<E>[] {
    return this.#index
      .search(tokenize(words(query)), this.entries.length)
      .flatMap(({ entry: number, score }) => {
        const entry = this.entries[number];
        return entry !== undefined && counts(entry) ? [{ entry, score }] : [];
      })
      .slice(0, limit);
  }
}

/** The first sentence of a description. */
export function firstSentence(text: string): string {
  const end = /[.!?](?=\s)/.exec(text);
  return end === null ? text : text.slice(0, end.index + 1);
}
