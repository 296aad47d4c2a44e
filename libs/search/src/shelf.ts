// Documents that the same askers may see: their parts, oldest first, and exact numbers of what is there now. Nothing of one shelf
// shows in another's numbers. It never touches a file.
import { type MergeTarget, memoryTarget } from './merge-target.js';
import { buildPart, type NewDocument } from './parts/build-part.js';
import { mergeParts } from './parts/merge-parts.js';
import { Part, type RecentlyRead } from './parts/part.js';
import { nextMerge, SMALL_PART, sizeOf } from './parts/merge-plan.js';

/** New documents of this size together (`merge-plan.ts`) become a part, asked for or not. */
const NEW_SIZE_MAX = 4_096;

type Place = NewDocument | { readonly part: Part; readonly document: number };

export class Shelf {
  parts: readonly Part[] = [];
  entryCount = 0;
  /** Of each field, the terms of all entries. */
  readonly lengthSums: Float64Array;
  readonly #places = new Map<string, Place>();
  #newest = new Set<NewDocument>();
  #newSize = 0;
  /** Parts that a merge in steps is reading. */
  #merging: ReadonlySet<Part> = new Set();

  constructor(
    private readonly fieldCount: number,
    private readonly recent: RecentlyRead,
  ) {
    this.lengthSums = new Float64Array(fieldCount);
  }

  get documentCount(): number {
    return this.#places.size;
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  keys(): IterableIterator<string> {
    return this.#places.keys();
  }

  /** One of the pieces that are stored with a document, to look at; undefined where there is none. */
  stored(key: string, at: number): Uint8Array | undefined {
    const place = this.#places.get(key);
    if (place === undefined) return undefined;
    return 'entries' in place ? place.stored[at] : place.part.stored(place.document, at);
  }

  /** Takes over a part that was kept, behind those that are there. */
  adopt(part: Part, gone: readonly number[]): void {
    for (const document of gone) part.kill(document);
    this.parts = [...this.parts, part];
    for (const [document, key] of part.keys.entries())
      if (!part.gone(document)) this.#places.set(key, { part, document });
    this.entryCount += part.liveCount;
    for (let entry = 0; entry < part.entryCount; entry += 1)
      if (part.dead[entry] === 0)
        this.#count(
          part.lengths.map((lengths) => lengths[entry] ?? 0),
          1,
        );
  }

  /** Adds a document in place of the one of the same key. */
  put(document: NewDocument): void {
    const { key, entries } = document;
    this.remove(key);
    this.#places.set(key, document);
    this.#newest.add(document);
    this.#newSize += sizeOfDocument(document);
    this.entryCount += entries.length;
    for (const entry of entries)
      this.#count(
        entry.map(({ length }) => length),
        1,
      );
    if (this.#newSize >= NEW_SIZE_MAX) this.seal();
  }

  remove(key: string): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    this.#places.delete(key);
    if ('entries' in place) {
      this.#newest.delete(place);
      this.#newSize -= sizeOfDocument(place);
      this.entryCount -= place.entries.length;
      for (const entry of place.entries)
        this.#count(
          entry.map(({ length }) => length),
          -1,
        );
      return true;
    }
    const { part, document } = place;
    for (let entry = part.firstEntries[document] ?? 0; entry < (part.firstEntries[document + 1] ?? 0); entry += 1) {
      this.#count(
        part.lengths.map((lengths) => lengths[entry] ?? 0),
        -1,
      );
      this.entryCount -= 1;
    }
    part.kill(document);
    if (part.empty) this.parts = this.parts.filter((each) => each !== part);
    return true;
  }

  /** Makes a part of what came since the last time, so that it is found. */
  seal(): void {
    if (this.#newest.size === 0) return;
    const documents = [...this.#newest];
    const target = memoryTarget();
    buildPart(documents, this.fieldCount, target);
    const part = new Part(target.done(), this.recent);
    for (const [document, { key }] of documents.entries()) this.#places.set(key, { part, document });
    this.#newest = new Set();
    this.#newSize = 0;
    this.parts = [...this.parts, part];
    this.#mergeSmall();
  }

  /** Merges the newest small parts at once: those are milliseconds. */
  #mergeSmall(): void {
    const free = this.parts.slice(this.parts.findLastIndex((part) => this.#merging.has(part)) + 1);
    const small = nextMerge(free, SMALL_PART);
    if (small === undefined) return;
    const merge = this.merge(small, memoryTarget());
    while (merge.next().done !== true);
  }

  /** Parts that should become one; undefined when all is well. */
  mergeable(): readonly Part[] | undefined {
    return nextMerge(this.parts, Number.POSITIVE_INFINITY);
  }

  /** Makes one part of those given, in steps. Between two of them documents may come and go. */
  *merge(merged: readonly Part[], target: MergeTarget): Generator<void, void> {
    const outer = this.#merging;
    this.#merging = new Set([...outer, ...merged]);
    const { documents } = yield* mergeParts(merged, target);
    this.#merging = outer;
    const part = new Part(target.done(), this.recent);
    for (const [at, before] of merged.entries())
      for (const [document, to] of (documents[at] ?? []).entries()) {
        if (to === -1) continue;
        if (before.gone(document)) part.kill(to);
        else this.#places.set(before.keys[document] ?? '', { part, document: to });
      }
    // Parts all of whose documents went meanwhile are no longer there.
    const before = new Set(merged);
    const start = this.parts.findIndex((each) => before.has(each));
    const others = this.parts.filter((each) => !before.has(each));
    this.parts = start === -1 || part.empty ? others : others.toSpliced(start, 0, part);
  }

  #count(lengths: readonly number[], sign: 1 | -1): void {
    for (const [field, length] of lengths.entries())
      this.lengthSums[field] = (this.lengthSums[field] ?? 0) + sign * length;
  }
}

const sizeOfDocument = ({ entries }: NewDocument): number =>
  sizeOf(
    entries.length,
    entries.reduce((sum, entry) => entry.reduce((all, { length }) => all + length, sum), 0),
  );
