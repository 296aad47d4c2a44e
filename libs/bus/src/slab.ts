// Keeps what comes and goes with every call, in places that are used again and again. A Map or a Set would read the same, but
// V8 makes each a new table every few dozen changes and links the old one to it: once a table has grown old enough to wait for
// the next full collection, everything that the later ones ever held waits with it.

export class Slab<T> {
  readonly #places: Array<T | undefined> = [];
  readonly #free: number[] = [];

  /** How many are kept now. */
  get size(): number {
    return this.#places.length - this.#free.length;
  }

  /** @returns its place, which another value may have as soon as it is removed */
  add(value: T & {}): number {
    const place = this.#free.pop() ?? this.#places.length;
    this.#places[place] = value;
    return place;
  }

  get(place: number): T | undefined {
    return this.#places[place];
  }

  /** Empties the place; false when it is empty already. */
  remove(place: number): boolean {
    if (this.#places[place] === undefined) return false;
    this.#places[place] = undefined;
    this.#free.push(place);
    return true;
  }

  /** Those kept now, in no order: what is added or removed meanwhile changes nothing about it. */
  values(): T[] {
    return this.#places.filter((value) => value !== undefined);
  }
}
