// What was read lately, up to so many bytes, so that words that are asked often are not read and decoded each time.

export class Recent<V> {
  readonly #values = new Map<number, { readonly value: V; readonly bytes: number }>();
  #bytes = 0;

  constructor(private readonly bytesMax: number) {}

  get(key: number): V | undefined {
    const found = this.#values.get(key);
    if (found === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, found);
    return found.value;
  }

  set(key: number, value: V, bytes: number): void {
    this.#values.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#values) {
      if (this.#bytes <= this.bytesMax) return;
      this.#values.delete(oldest);
      this.#bytes -= freed;
    }
  }
}
