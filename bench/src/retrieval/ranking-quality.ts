// How well a labelled collection is ranked: its texts as documents of one passage each, its questions as they are.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { cosineOf, type EncoderThread, fusedScores, packed, unpacked } from '@labmesh/encoder';
import { indexTerms, SearchIndex, tokenize } from '@labmesh/search';

export const TEXT_FIELDS = { body: { weight: 1, lengthShare: 0.75 } } as const;
const BEST = 10;
/** As the Librarian looks at them: so many by words, and so many by meaning. */
const CANDIDATES = 100;

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
  /** Words and meaning together, as the Librarian ranks; left out without a model. */
  readonly ndcgWithModel?: number;
}

/** A model that ranks beside words. */
export interface RankingModel {
  readonly thread: EncoderThread;
  readonly dimensions: number;
  readonly prompts: { readonly question: string; readonly passage: string };
}

export async function qualityOn(path: string, model?: RankingModel): Promise<Quality> {
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
    ...(model === undefined ? {} : { ndcgWithModel: await withModel(model, { index, docs, asked, rel }) }),
  };
}

interface Ranked {
  readonly index: SearchIndex<keyof typeof TEXT_FIELDS>;
  readonly docs: Collection['docs'];
  readonly asked: ReadonlyArray<readonly [string, string]>;
  readonly rel: Collection['rel'];
}

async function withModel(
  { thread, dimensions, prompts }: RankingModel,
  { index, docs, asked, rel }: Ranked,
): Promise<number> {
  const { signal } = new AbortController();
  const keys = Object.keys(docs);
  const made: Float32Array[] = [];
  for (const key of keys) made.push(await thread.passage(`${prompts.passage}${docs[key]}`, signal));
  const vectors = unpacked(packed(made), dimensions);
  if (vectors === undefined) throw new Error('The model gives vectors of another length than its card says');
  let sum = 0;
  for (const [id, question] of asked) {
    const vector = await thread.question(`${prompts.question}${question}`, signal);
    const cosines = new Map(keys.map((key, at) => [key, cosineOf(vector, vectors, at)]));
    const hits = index.search({ terms: tokenize(question), limit: CANDIDATES });
    const words = new Map(hits.map(({ key, score }) => [key, score]));
    const near = keys.toSorted((a, b) => (cosines.get(b) ?? 0) - (cosines.get(a) ?? 0)).slice(0, CANDIDATES);
    const found = [...new Set([...words.keys(), ...near])];
    const scores = fusedScores(found.map((key) => ({ words: words.get(key) ?? 0, cosine: cosines.get(key) })));
    const best = found.map((key, at) => ({ key, score: scores[at] ?? 0 })).sort((a, b) => b.score - a.score);
    sum += ndcg(
      best.map(({ key }) => rel[id]?.[key] ?? 0),
      Object.values(rel[id] ?? {}),
    );
  }
  return sum / asked.length;
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
