// Vectors in memory, each as long as the text that it was made of: what is taken off a shelf, or replaced, takes its vectors along.
import { unpacked, type Vectors } from '@labmesh/encoder';
import type { Document } from '../corpus/document.js';

/** What was not there is looked for again after so long. */
const AGAIN_MS = 2_000;

interface Held {
  readonly modelId: string;
  readonly vectors: Vectors;
}

export class HeldVectors {
  readonly #held = new WeakMap<Document, Held>();
  readonly #lookedFor = new WeakMap<Document, { readonly modelId: string; readonly at: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  of(modelId: string, document: Document): Vectors | undefined {
    const held = this.#held.get(document);
    return held?.modelId === modelId ? held.vectors : undefined;
  }

  /** Those that have none, and were not looked for just now. */
  wanted(modelId: string, documents: readonly Document[]): Document[] {
    const now = this.now();
    return documents.filter((document) => {
      const looked = this.#lookedFor.get(document);
      const justNow = looked?.modelId === modelId && now - looked.at < AGAIN_MS;
      return !justNow && this.of(modelId, document) === undefined;
    });
  }

  /** What a look found for a document: nothing, or bytes that are taken if they fit. */
  take(
    document: Document,
    found: { readonly modelId: string; readonly dimensions: number; readonly bytes?: Buffer | undefined },
  ): void {
    const { modelId, dimensions, bytes } = found;
    this.#lookedFor.set(document, { modelId, at: this.now() });
    const vectors = bytes === undefined ? undefined : unpacked(bytes, dimensions);
    if (vectors !== undefined) this.#held.set(document, { modelId, vectors });
  }
}
