// Keeps in memory what is written to it.
import type { ByteSink } from './part-format.js';

export class MemorySink implements ByteSink {
  readonly #chunks: Uint8Array[] = [];

  /** Takes a copy: who writes may use its buffer again. */
  write(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#chunks.push(bytes.slice());
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }
}
