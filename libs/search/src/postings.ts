// Where one term occurs: entry numbers in rising order with the term's weighted count, in arrays that grow.

const FIRST_CAPACITY = 4;

export class Postings {
  #entries = new Uint32Array(FIRST_CAPACITY);
  #frequencies = new Float32Array(FIRST_CAPACITY);
  #length = 0;

  /** How many entries hold the term. */
  get length(): number {
    return this.#length;
  }

  push(entry: number, frequency: number): void {
    if (this.#length === this.#entries.length) this.#grow();
    this.#entries[this.#length] = entry;
    this.#frequencies[this.#length] = frequency;
    this.#length += 1;
  }

  *[Symbol.iterator](): Generator<readonly [entry: number, frequency: number]> {
    for (let at = 0; at < this.#length; at += 1) yield [this.#entries[at] ?? 0, this.#frequencies[at] ?? 0];
  }

  #grow(): void {
    const [entries, frequencies] = [this.#entries, this.#frequencies];
    this.#entries = new Uint32Array(entries.length * 2);
    this.#frequencies = new Float32Array(entries.length * 2);
    this.#entries.set(entries);
    this.#frequencies.set(frequencies);
  }
}
