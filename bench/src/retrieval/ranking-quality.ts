// How well a labelled collection is ranked: its texts as documents of one passage each, its questions as they are.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { indexTerms, SearchIndex, tokenize } from '@labmesh/search';

export const TEXT_FIELDS = { body: { weight: 1, lengthShare: 0.75 } } as const;
const BEST = 10;

/** `rel` has the grade of each document that answers a question; the others answer nothing. */
interface Collection {
  readonly docs: Readonly<Record<string, string>>;
  readonly queries: Readonly<Record<string, string>>;
  readonly rel: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface Quality {
  readonly name: string;
  readonly documents: number;
  readonly questions: number;
  /** Means over the questions. */
  readonly ndcg: number;
  readonly ndcgWithoutFeedback: number;
}

export async function qualityOn(path: string): Promise<Quality> {
  const { docs, queries, rel } = JSON.parse(await readFile(path, 'utf8')) as Collection;
  const index = new SearchIndex(TEXT_FIELDS);
  for (const [key, text] of Object.entries(docs)) index.put(key, [{ body: indexTerms(text) }]);
  const asked = Object.entries(queries).filter(([id]) => Object.keys(rel[id] ?? {}).length > 0);
  const mean = (feedback: boolean): number =>
    asked.reduce((sum, [id, question]) => {
      const hits = index.search({ terms: tokenize(question), limit: BEST, feedback });
      return (
        sum +
        ndcg(
          hits.map(({ key }) => rel[id]?.[key] ?? 0),
          Object.values(rel[id] ?? {}),
        )
      );
    }, 0) / asked.length;
  return {
    name: basename(path, '.json'),
    documents: index.size().documents,
    questions: asked.length,
    ndcg: mean(true),
    ndcgWithoutFeedback: mean(false),
  };
}

/**
 * Discounted gains of the first ten beside the best there could be.
 * Source: K. Järvelin, J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002, gains as graded.
 */
export function ndcg(grades: readonly number[], all: readonly number[]): number {
  const gain = (list: readonly number[]): number =>
    list.slice(0, BEST).reduce((sum, grade, at) => sum + grade / Math.log2(at + 2), 0);
  return gain(grades) / gain(all.toSorted((a, b) => b - a));
}
