// Whose phrases a question could be one of: naive Bayes, a model of language for each entry, learnt from its phrases. Words that many
// of an entry's phrases have say more for it than those of one, however many phrases it has; and small words that an index leaves
// out ("who", "my", "how much") tell phrases apart.
import { meaningsIn, wordsOf } from './kindred-words.js';
import { nearWords } from './near-words.js';

/** Two words side by side say less than both do apart: most that are asked stand in no phrase. */
const PAIR_WEIGHT = 0.5;
/** Of a phrase, whose vector has the length 1: what an entry is given of each feature that its phrases may come to have. */
const SMOOTHING = 0.05;

/** Words, pairs of neighbours and meanings. Pairs have a space, meanings an equals sign: none can be another. */
function featuresOf(words: readonly string[], text: string): ReadonlyMap<string, number> {
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
  return new Map([
    ...pairs.map((pair) => [pair, PAIR_WEIGHT] as const),
    ...[...words, ...meaningsIn(text)].map((each) => [each, 1] as const),
  ]);
}

type Vector = readonly (readonly [feature: string, weight: number])[];

export class Phrases {
  /** By feature its inverse frequency among phrases. */
  readonly #inverse = new Map<string, number>();
  /** By feature the entries that have it, each with how much likelier it makes them than its absence, as a logarithm. */
  readonly #likelier = new Map<string, (readonly [entry: number, log: number])[]>();
  /** By entry, what all its phrases share out: of one with more, each feature is a smaller part. */
  readonly #shared: number[] = [];
  readonly #words = new Set<string>();
  /** Inverse frequency of what no phrase has. */
  readonly #highest: number;
  readonly #entries: number;

  constructor(phrases: readonly (readonly string[])[]) {
    const learnt = phrases.map((ofEntry) => ofEntry.map((phrase) => this.#learn(phrase)));
    const all = learnt.flat();
    const counts = new Map<string, number>();
    for (const feature of all.flatMap((one) => [...one.keys()])) counts.set(feature, (counts.get(feature) ?? 0) + 1);
    const inverse = (count: number): number => Math.log(1 + (all.length + 0.5) / (count + 0.5));
    this.#highest = inverse(0);
    for (const [feature, count] of counts) this.#inverse.set(feature, inverse(count));
    this.#entries = phrases.length;
    for (const [entry, ofEntry] of learnt.entries()) this.#hold(entry, ofEntry);
  }

  #learn(phrase: string): ReadonlyMap<string, number> {
    const words = wordsOf(phrase);
    for (const word of words) this.#words.add(word);
    return featuresOf(words, phrase);
  }

  #hold(entry: number, phrases: readonly ReadonlyMap<string, number>[]): void {
    const sums = new Map<string, number>();
    for (const [feature, weight] of phrases.flatMap((phrase) => this.#vectorOf(phrase)))
      sums.set(feature, (sums.get(feature) ?? 0) + weight);
    const whole = [...sums.values()].reduce((sum, each) => sum + each, 0);
    this.#shared.push(Math.log(1 + whole / (SMOOTHING * Math.max(1, this.#inverse.size))));
    for (const [feature, sum] of sums) {
      const holders = this.#likelier.get(feature) ?? [];
      holders.push([entry, Math.log(1 + sum / SMOOTHING)]);
      this.#likelier.set(feature, holders);
    }
  }

  /** Of length 1, with the words that no phrase has: they say nothing, and leave less to be said by the others. */
  #vectorOf(features: ReadonlyMap<string, number>): Vector {
    const weighed: [string, number][] = [];
    let squares = 0;
    for (const [feature, weight] of features) {
      const inverse = this.#inverse.get(feature);
      if (inverse !== undefined) weighed.push([feature, weight * inverse]);
      if (inverse !== undefined || weight === 1) squares += (weight * (inverse ?? this.#highest)) ** 2;
    }
    const length = Math.sqrt(squares);
    return weighed.map(([feature, weight]) => [feature, weight / length]);
  }

  /** By entry, how much likelier the question is as a phrase of it than as one of no entry, as a logarithm; 0 where it is not. */
  likelihoods(query: string): Float64Array {
    const words = wordsOf(query).flatMap((word) => nearWords(word, this.#words));
    const scores = new Float64Array(this.#entries);
    let whole = 0;
    for (const [feature, weight] of this.#vectorOf(featuresOf(words, query))) {
      whole += weight;
      for (const [entry, log] of this.#likelier.get(feature) ?? []) scores[entry] = (scores[entry] ?? 0) + weight * log;
    }
    return scores.map((score, entry) => Math.max(0, score - whole * (this.#shared[entry] ?? 0)));
  }
}
