// How near a question comes to one of a tool's phrases, taken whole: words scattered over many phrases say less than the same words
// in one, and small words that an index leaves out ("who", "my", "how much") tell phrases apart.
import { meaningsIn, wordsOf } from './kindred-words.js';
import { nearWords } from './near-words.js';

/** Words, pairs of neighbours and meanings, each once. Pairs have a space, meanings an equals sign: none can be another. */
function featuresOf(words: readonly string[], text: string): ReadonlySet<string> {
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
  return new Set([...words, ...pairs, ...meaningsIn(text)]);
}

export class Phrases {
  /** By feature the phrases that have it. */
  readonly #holders = new Map<string, number[]>();
  /** By feature the square of its inverse frequency among the entries. */
  readonly #weights = new Map<string, number>();
  readonly #words = new Set<string>();
  /** By phrase, its entry, and the length of its vector. */
  readonly #entries: number[] = [];
  readonly #lengths: number[] = [];

  constructor(private readonly phrases: readonly (readonly string[])[]) {
    const counts = new Map<string, number>();
    const all: ReadonlySet<string>[] = [];
    for (const [entry, ofEntry] of phrases.entries()) {
      const features = ofEntry.map((phrase) => this.#learn(phrase));
      for (const each of new Set(features.flatMap((one) => [...one]))) counts.set(each, (counts.get(each) ?? 0) + 1);
      for (const one of features) {
        for (const each of one) this.#hold(each, all.length);
        all.push(one);
        this.#entries.push(entry);
      }
    }
    for (const [feature, count] of counts)
      this.#weights.set(feature, Math.log(1 + (phrases.length - count + 0.5) / (count + 0.5)) ** 2);
    for (const one of all)
      this.#lengths.push(Math.sqrt([...one].reduce((sum, each) => sum + (this.#weights.get(each) ?? 0), 0)));
  }

  #hold(feature: string, phrase: number): void {
    const held = this.#holders.get(feature);
    if (held === undefined) this.#holders.set(feature, [phrase]);
    else held.push(phrase);
  }

  #learn(phrase: string): ReadonlySet<string> {
    const words = wordsOf(phrase);
    for (const word of words) this.#words.add(word);
    return featuresOf(words, phrase);
  }

  /** By entry, the length of the question's projection on the nearest of its phrases: in units of inverse frequency, as scores are. */
  nearest(query: string): Float64Array {
    const shared = new Map<number, number>();
    const words = wordsOf(query).flatMap((word) => nearWords(word, this.#words));
    for (const feature of featuresOf(words, query))
      for (const phrase of this.#holders.get(feature) ?? [])
        shared.set(phrase, (shared.get(phrase) ?? 0) + (this.#weights.get(feature) ?? 0));
    const best = new Float64Array(this.phrases.length);
    for (const [phrase, weight] of shared) {
      const entry = this.#entries[phrase] ?? 0;
      best[entry] = Math.max(best[entry] ?? 0, weight / (this.#lengths[phrase] ?? 1));
    }
    return best;
  }
}
