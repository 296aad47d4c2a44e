// Passages and questions that nobody wrote, the same ones each time: words as often as in a language, some names and codes.

/** Distinct words: an n-th is used about n times less often than the first (G. K. Zipf, 1949). */
const VOCABULARY = 150_000;
const WORDS_MIN = 60;
const WORDS_MAX = 140;
const SYLLABLES =
  'ba be bi bo bu da de di do du fa fe fi ga go ka ke ki ko la le li lo lu ma me mi mo na ne ni no pa pe ra re ri ro sa se si so ta te ti to va ve vi'.split(
    ' ',
  );

/** Numbers from 0 to 1 that follow from the seed. Source: xorshift32, G. Marsaglia, Journal of Statistical Software 8(14), 2003. */
export function chanceOf(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const wordOf = (number: number): string => {
  let word = '';
  for (let rest = number + SYLLABLES.length; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    word += SYLLABLES[rest % SYLLABLES.length] ?? '';
  return word;
};

export class Synthetic {
  readonly #words = Array.from({ length: VOCABULARY }, (_, number) => wordOf(number));
  readonly #chance: () => number;

  constructor(seed: number) {
    this.#chance = chanceOf(seed);
  }

  /** A word by its place in the order of frequency: the inverse of Zipf's sums is close to a power of the vocabulary. */
  #word(): string {
    return this.#words[Math.floor(VOCABULARY ** this.#chance()) - 1] ?? '';
  }

  passage(): string {
    const count = WORDS_MIN + Math.floor(this.#chance() * (WORDS_MAX - WORDS_MIN));
    const words = Array.from({ length: count }, (_, at) => {
      const word = this.#word();
      if (at % 12 === 11) return `${word}.`;
      return this.#chance() < 0.02 ? `${word}_${this.#word()}` : word;
    });
    return words.join(' ');
  }

  /** Three to eight words of which most are not among the most frequent. */
  question(): string {
    const count = 3 + Math.floor(this.#chance() * 6);
    return Array.from(
      { length: count },
      () => this.#words[Math.floor(20 * (VOCABULARY / 20) ** this.#chance())] ?? '',
    ).join(' ');
  }
}
