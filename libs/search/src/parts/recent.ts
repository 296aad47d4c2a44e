// What was read lately, up to so many bytes, so that words that are asked often are not read and decoded each time.

interface Kept<V> {
  readonly value: V;
  readonly bytes: number;
  /** Asked for since it was last passed over. */
  wanted: boolean;
}

/** Of what was there longest, what was asked for since is passed over once: a second chance. */
export class Recent<V> {
  readonly #values = new Map<number, Kept<V>>();
  #bytes = 0;

  constructor(private readonly bytesMax: number) {}

  get(key: number): V | undefined {
    const found = this.#values.get(key);
    if (found === undefined) return undefined;
    found.wanted = true;
    return found.value;
  }

  set(key: number, value: V, bytes: number): void {
    this.#values.set(key, { value, bytes, wanted: false });
    this.#bytes += bytes;
    for (const [oldest, kept] of this.#values) {
      if (this.#bytes <= this.bytesMax) return;
      this.#values.delete(oldest);
      if (kept.wanted) {
        kept.wanted = false;
        this.#values.set(oldest, kept);
      } else this.#bytes -= kept.bytes;
    }
  }
}
