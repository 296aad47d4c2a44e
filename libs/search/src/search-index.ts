// Documents by the words in them. An owner gives documents as terms of fields and gets back their keys: what they are, and who may
// see which shelf, the owner knows. What is on other shelves than those a question names has no part in its answer or its work.
import { setImmediate as othersTurn } from 'node:timers/promises';
import { ANALYSIS } from './analysis/tokens.js';
import { FieldSet, type FieldSpec } from './fields.js';
import { memoryTarget } from './merge-target.js';
import { type DictionaryBlock, Part } from './parts/part.js';
import type { PostingList } from './parts/posting-list.js';
import { Recent } from './parts/recent.js';
import type { Work } from './ranking/rank-part.js';
import { searchView } from './ranking/search-view.js';
import { View } from './ranking/view.js';
import { Shelf } from './shelf.js';
import { type FileCalls, PartFiles } from './store/part-files.js';

/** What is kept of lists and of the dictionary, so that frequent words are not read each time. */
const LIST_BYTES_MAX = 64 * 1024 * 1024;
const DICTIONARY_BYTES_MAX = 32 * 1024 * 1024;

/** An entry's terms by field; a field left out is empty. */
export type Entry<F extends string> = Readonly<Partial<Record<F, readonly string[]>>>;

export interface Question {
  /** As `tokenize` gives them; a term asked twice counts twice. */
  readonly terms: readonly string[];
  readonly limit: number;
  /** What the asker may see; the one shelf that a `put` without one goes to when left out. */
  readonly shelves?: readonly string[];
  /** Documents that count, by their key and shelf; all when left out. It is asked before anything is ranked. */
  readonly counts?: (key: string, shelf: string) => boolean;
  /** How much a term counts beside others; 1 when left out, and for those that are not in it. */
  readonly weights?: ReadonlyMap<string, number>;
  /** False: by single words alone, without reading the entries found; for long ones. */
  readonly refine?: boolean;
  /** Whether words of the best entries reorder what was found; true when left out. */
  readonly feedback?: boolean;
}

export interface Hit {
  readonly shelf: string;
  readonly key: string;
  /** Which of the document's entries. */
  readonly entry: number;
  readonly score: number;
}

/** What a document is put with. */
export interface Beside {
  /** Who may see it; one of its own when left out. */
  readonly shelf?: string;
  /** What its owner wants back by its key, piece by piece: kept where the index is, and gone with the document. */
  readonly stored?: readonly Uint8Array[];
}

const ONE_SHELF = '';
/** Changes with the form of parts. */
const FORM = 2;

/**
 * Ranks by BM25F: `sum over terms of idf * (k1 + 1) * tf / (k1 + tf)` with `tf = sum over fields of weight * frequency /
 * (1 - b + b * length / averageLength)`, where idf and averages are those of the shelves asked; then by nearness and feedback
 * (`ranking/`). Equal scores keep the order of shelves' names, then the order in which documents were put.
 *
 * Source: S. Robertson, H. Zaragoza, M. Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004, with lengths
 * normalized per field as in S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework", 2009, section 3.6.
 */
export class SearchIndex<F extends string> {
  readonly fields: FieldSet<F>;
  /** Done for questions so far. */
  readonly work: Work = { postings: 0 };
  readonly #shelves = new Map<string, Shelf>();
  readonly #recent = {
    blocks: new Recent<DictionaryBlock>(DICTIONARY_BYTES_MAX),
    lists: new Recent<PostingList>(LIST_BYTES_MAX),
  };
  #files: PartFiles | undefined;
  #checkpoint: string | undefined;
  #lost: string | undefined;
  #maintaining: Promise<void> | undefined;

  /** An index in memory. */
  constructor(fields: Readonly<Record<F, FieldSpec>>) {
    this.fields = new FieldSet(fields);
  }

  /**
   * An index whose parts lie in a folder, where one process keeps them: as the last commit left it, or empty with the reason in
   * `lost`. Only what is new since a commit, documents' keys and lengths of fields take memory.
   */
  static async open<F extends string>(
    fields: Readonly<Record<F, FieldSpec>>,
    folder: string,
    calls?: FileCalls,
  ): Promise<SearchIndex<F>> {
    const index = new SearchIndex(fields);
    const made = JSON.stringify([FORM, ANALYSIS, index.fields.names]);
    const { files, checkpoint, parts, lost } = await PartFiles.open(folder, made, calls);
    for (const { shelf, source, gone } of parts) index.#shelfOf(shelf).adopt(new Part(source, index.#recent), gone);
    [index.#files, index.#checkpoint, index.#lost] = [files, checkpoint, lost];
    return index;
  }

  /** What the last commit named, such as the number of the last row that was taken: where its owner goes on. */
  get checkpoint(): string | undefined {
    return this.#checkpoint;
  }

  /** Why what lay in the folder could not be used: its owner gives all documents again. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** Adds a document with its entries, in place of the one that has its key on this shelf. It is found at once. */
  put(key: string, entries: readonly Entry<F>[], { shelf = ONE_SHELF, stored = [] }: Beside = {}): void {
    const terms = entries.map((entry) => this.fields.names.map((name) => entry[name] ?? []));
    this.#shelfOf(shelf).put({ key, entries: terms, stored });
  }

  /** One of the pieces that were put with a document; undefined where there is none. It is to be decoded at once: the next look may change it. */
  stored(key: string, at: number, shelf = ONE_SHELF): Uint8Array | undefined {
    return this.#shelves.get(shelf)?.stored(key, at);
  }

  /** Takes a document away. Answers whether it was there. */
  remove(key: string, shelf = ONE_SHELF): boolean {
    return this.#shelves.get(shelf)?.remove(key) ?? false;
  }

  /** Takes a shelf away with all that is on it. */
  drop(shelf: string): void {
    this.#shelves.delete(shelf);
  }

  shelves(): string[] {
    return [...this.#shelves.keys()];
  }

  /** Of the documents on a shelf. */
  keys(shelf = ONE_SHELF): string[] {
    return [...(this.#shelves.get(shelf)?.keys() ?? [])];
  }

  has(key: string, shelf = ONE_SHELF): boolean {
    return this.#shelves.get(shelf)?.has(key) ?? false;
  }

  /** Entries and documents on these shelves, on all when none are named. */
  size(shelves: readonly string[] = [...this.#shelves.keys()]): {
    readonly entries: number;
    readonly documents: number;
  } {
    const found = this.#found(shelves);
    return {
      entries: found.reduce((sum, [, { entryCount }]) => sum + entryCount, 0),
      documents: found.reduce((sum, [, { documentCount }]) => sum + documentCount, 0),
    };
  }

  /** The best entries that hold at least one of the terms, best first. */
  search({ terms, limit, shelves = [ONE_SHELF], counts, weights, refine = true, feedback = true }: Question): Hit[] {
    const view = this.#view(shelves);
    const keyOf = (at: number, entry: number): string => {
      const part = view.parts[at]?.part;
      return part?.keys[part.documents[entry] ?? 0] ?? '';
    };
    const filter =
      counts === undefined
        ? {}
        : { counts: (at: number, entry: number) => counts(keyOf(at, entry), view.parts[at]?.shelf ?? '') };
    return searchView(view, { terms, limit, refine, feedback, weights, ...filter }, this.work).map(
      ({ part: at, entry, score }) => {
        const { part, shelf = '' } = view.parts[at] ?? {};
        const first = part?.firstEntries[part.documents[entry] ?? 0] ?? 0;
        return { shelf, key: keyOf(at, entry), entry: entry - first, score };
      },
    );
  }

  /** How many entries on these shelves hold each term. */
  counts(terms: Iterable<string>, shelves: readonly string[] = [ONE_SHELF]): Map<string, number> {
    const view = this.#view(shelves);
    return new Map([...terms].map((term) => [term, view.term(term).count]));
  }

  /** How much each term tells apart on these shelves: high when few entries hold it, highest when none does. */
  inverseFrequencies(terms: Iterable<string>, shelves: readonly string[] = [ONE_SHELF]): Map<string, number> {
    const view = this.#view(shelves);
    return new Map([...terms].map((term) => [term, view.term(term).inverseFrequency]));
  }

  /**
   * Makes all that was put and removed so far what the next `open` finds, together and in one step: before it, nothing of it is
   * there, a document that was replaced is there as it was. In memory it does nothing.
   */
  commit(checkpoint: string): void {
    for (const shelf of this.#shelves.values()) shelf.seal();
    const parts = new Map([...this.#shelves].map(([name, shelf]) => [name, shelf.parts]));
    this.#files?.commit(parts, checkpoint);
    this.#checkpoint = checkpoint;
  }

  /** Merges what became many small parts, in steps of milliseconds with turns of the event loop between them. */
  maintain(): Promise<void> {
    this.#maintaining ??= this.#mergeAll().finally(() => {
      this.#maintaining = undefined;
    });
    return this.#maintaining;
  }

  /** Ends it; what was not committed is lost. */
  close(): void {
    this.#files?.close();
  }

  async #mergeAll(): Promise<void> {
    for (const shelf of this.#shelves.values()) {
      for (let parts = shelf.mergeable(); parts !== undefined; parts = shelf.mergeable()) {
        for (const _step of shelf.merge(parts, this.#files?.target() ?? memoryTarget())) await othersTurn();
      }
    }
  }

  /** The shelves of these names that there are, in the order of their names. */
  #found(names: readonly string[]): [string, Shelf][] {
    return [...new Set(names)].sort().flatMap((name): [string, Shelf][] => {
      const shelf = this.#shelves.get(name);
      return shelf === undefined ? [] : [[name, shelf]];
    });
  }

  #view(names: readonly string[]): View {
    const found = this.#found(names);
    for (const [, shelf] of found) shelf.seal();
    const parts = found.flatMap(([shelf, { parts }]) => parts.map((part) => ({ shelf, part })));
    return new View(
      parts,
      this.fields.specs,
      found.map(([, shelf]) => shelf),
    );
  }

  #shelfOf(name: string): Shelf {
    const shelf = this.#shelves.get(name) ?? new Shelf(this.fields.count, this.#recent);
    this.#shelves.set(name, shelf);
    return shelf;
  }
}
