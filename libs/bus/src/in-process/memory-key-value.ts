// Values by key in this process's memory. Copies what it takes and gives, as a store elsewhere would.
import { tooLarge } from '../rejections.js';
import type { KeyValue, KeyValueEntry, KeyValueOptions } from '../store.js';

interface Kept {
  readonly text: string;
  readonly revision: number;
  readonly goneAtMs: number;
}

export class MemoryKeyValue implements KeyValue {
  /** In the order of writing: the first are the oldest. */
  readonly #kept = new Map<string, Kept>();
  #revision = 0;
  #bytes = 0;

  /** @param now milliseconds */
  constructor(
    private readonly options: KeyValueOptions,
    private readonly now: () => number = Date.now,
  ) {}

  async get(key: string): Promise<KeyValueEntry | undefined> {
    const kept = this.#fresh(key);
    return kept === undefined ? undefined : { value: JSON.parse(kept.text), revision: kept.revision };
  }

  async put(key: string, value: unknown, revision: number): Promise<number | undefined> {
    if ((this.#fresh(key)?.revision ?? 0) !== revision) return undefined;
    const text = JSON.stringify(value);
    const { name, maxBytes, ttlMs } = this.options;
    if (text.length > maxBytes) throw tooLarge('value', name);
    this.#drop(key);
    this.#makeRoom(maxBytes - text.length);
    this.#revision += 1;
    this.#bytes += text.length;
    this.#kept.set(key, { text, revision: this.#revision, goneAtMs: this.now() + ttlMs });
    return this.#revision;
  }

  async remove(key: string): Promise<void> {
    this.#drop(key);
  }

  #fresh(key: string): Kept | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined || kept.goneAtMs > this.now()) return kept;
    this.#drop(key);
    return undefined;
  }

  #makeRoom(bytes: number): void {
    for (const [key, { goneAtMs }] of this.#kept) {
      if (this.#bytes <= bytes && goneAtMs > this.now()) return;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.text.length ?? 0;
    this.#kept.delete(key);
  }
}
