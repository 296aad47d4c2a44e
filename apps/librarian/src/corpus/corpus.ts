// All documents with the index over their passages, on shelves by who may read them: in memory what is said of each, its text and
// passages where the index is. It never looks for documents, and never decides who may read what: who asks names the shelves.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '@labmesh/contracts';
import { VERSION } from '@labmesh/runtime/config';
import { indexTerms, type Question, SearchIndex } from '@labmesh/search';
import { LRUCache } from 'lru-cache';
import { type Chunk, chunksOf } from './chunking.js';
import type { Document } from './document.js';
import { Foreseen, type Likelihoods } from './foreseen.js';
import { titleOf } from './headings.js';
import { DOCUMENT_FIELDS, entryOf, FIELDS, type Words, wholeEntryOf, wordsOf } from './passage-terms.js';
import {
  CARD_PIECE,
  type Card,
  cardIn,
  cardOf,
  FIRST_PASSAGE_PIECE,
  type HeldDocument,
  passageIn,
  piecesOf,
  type StoredPassage,
  TEXT_PIECE,
  textIn,
} from './stored-document.js';

/** What everybody who may ask at all may read. */
export const LAB_SHELF = 'lab';

/** What a question may see. Nothing outside it has any part in what is found, or in any number. */
export interface Scope {
  readonly shelves: readonly string[];
  /** Documents of these shelves that are asked; all when left out. Frequencies of words are those of the shelves. */
  readonly counts?: (document: Document) => boolean;
}

export const LAB_SCOPE: Scope = { shelves: [LAB_SHELF] };

export interface Passage extends Chunk {
  /** The version of the document that the passage is cut from. */
  readonly document: HeldDocument;
  /** Which of the document's passages it is. */
  readonly entry: number;
  readonly score: number;
  readonly words: Words;
}

/** What the bytes of an index are made by; one that is made otherwise is made anew. The number changes with how texts are cut. */
const MADE = `${VERSION} 2 `;

/** Passages, and characters of texts, that were looked at lately. */
const PASSAGES_KEPT = 4_000;
const CHARACTERS_KEPT = 8 * 1024 * 1024;
/** Documents that are taken over before others have their turn. */
const TURN_DOCUMENTS = 500;

interface Held {
  readonly card: Card;
  /** With its text, which is read when somebody looks at it. */
  readonly document: HeldDocument;
  /** Apart from all others that there were. */
  readonly number: number;
  /** For those who still look at it when it is taken away. */
  keepText(): void;
}

export class Corpus {
  readonly #shelves = new Map<string, Map<string, Held>>();
  /** By shelf; made when it is asked, and anew when other words came or went. */
  readonly #foreseen = new Map<string, Foreseen>();
  readonly #passages = new LRUCache<string, StoredPassage>({ max: PASSAGES_KEPT });
  readonly #texts = new LRUCache<number, string>({
    maxSize: CHARACTERS_KEPT,
    sizeCalculation: ({ length }) => length + 1,
  });
  #lastNumber = 0;
  #isSettled = true;
  #isClosed = false;

  /** In memory, unless it is opened. */
  constructor(
    private readonly index = new SearchIndex(FIELDS),
    private readonly whole = new SearchIndex(DOCUMENT_FIELDS),
  ) {}

  /** The corpus of a folder, where one process keeps it: as it was settled last, or empty. @throws Error as the file system does */
  static async open(folder: string): Promise<Corpus> {
    const [passages, documents] = [join(folder, 'passages'), join(folder, 'documents')];
    const [index, whole] = [
      await SearchIndex.open(FIELDS, passages),
      await SearchIndex.open(DOCUMENT_FIELDS, documents),
    ];
    if (index.checkpoint?.startsWith(MADE) !== true || whole.checkpoint?.startsWith(MADE) === false) {
      for (const each of [index, whole]) each.close();
      for (const each of [passages, documents]) await rm(each, { recursive: true, force: true });
      return new Corpus(await SearchIndex.open(FIELDS, passages), await SearchIndex.open(DOCUMENT_FIELDS, documents));
    }
    const corpus = new Corpus(index, whole);
    for (const shelf of index.shelves()) await corpus.#adopt(shelf);
    if (index.checkpoint !== whole.checkpoint) await corpus.#mend();
    return corpus;
  }

  /** Makes all that is there what the next one finds who opens the folder; in memory it only makes it faster to ask. */
  async settle(): Promise<void> {
    const isDone = (): boolean => this.#isSettled || this.#isClosed;
    for (const each of [this.index, this.whole]) if (!isDone()) await each.maintain();
    if (!isDone()) this.#commit();
  }

  /** Keeps what is there, and ends it. */
  close(): void {
    // The folder may be another process's from now on.
    this.#isClosed = true;
    if (!this.#isSettled) this.#commit();
    for (const each of [this.index, this.whole]) each.close();
  }

  shelves(): string[] {
    return [...this.#shelves.keys()];
  }

  /** How many documents there are. */
  size(scope = LAB_SCOPE): number {
    return this.documents(scope).length;
  }

  /** Adds a document; one whose file is there already changes nothing. */
  add(document: Document, shelf = LAB_SHELF): void {
    if (this.#shelves.get(shelf)?.has(document.file) !== true) this.put(document, shelf);
  }

  /** Adds a document in place of the one whose file it has on this shelf. */
  put(document: Document, shelf = LAB_SHELF): void {
    const before = this.#shelves.get(shelf)?.get(document.file);
    if (before !== undefined && isSame(before.card, document)) return;
    this.#isSettled = false;
    const chunks = chunksOf(document);
    const words = wordsOf(document, chunks);
    const card = cardOf(document, chunks, words);
    const passages = chunks.map((chunk, at) => ({ chunk, words: words[at] }));
    before?.keepText();
    this.#forget(shelf, card, before?.card);
    this.index.put(
      document.file,
      passages.map(({ chunk, words: its }) => entryOf(chunk, its)),
      { shelf, stored: piecesOf(card, document.text, passages) },
    );
    const stored = [markOf(card.document)];
    this.whole.put(document.file, [wholeEntryOf(document, chunks, words)], { shelf, stored });
    this.#hold(card, shelf);
  }

  /** Takes a document away; one that is not there changes nothing. */
  remove(file: string, shelf = LAB_SHELF): void {
    const before = this.#shelves.get(shelf)?.get(file);
    if (before === undefined) return;
    this.#isSettled = false;
    before.keepText();
    this.#forget(shelf, before.card);
    this.#shelves.get(shelf)?.delete(file);
    this.index.remove(file, shelf);
    this.whole.remove(file, shelf);
  }

  /** Takes a shelf away, from which nobody is answered. */
  drop(shelf: string): void {
    this.#isSettled = false;
    this.#shelves.delete(shelf);
    this.#foreseen.delete(shelf);
    for (const each of [this.index, this.whole]) each.drop(shelf);
  }

  /** By the exact name, on the first shelf that has it; undefined when none does. */
  document(file: string, { shelves, counts }: Scope = LAB_SCOPE): HeldDocument | undefined {
    for (const shelf of shelves) {
      const document = this.#shelves.get(shelf)?.get(file)?.document;
      if (document !== undefined && counts?.(document) !== false) return document;
    }
    return undefined;
  }

  /** The terms of a document of the lab's, of its title, headings and text: those that the index has of it. */
  termsOf(file: string): ReadonlySet<string> {
    const held = this.#shelves.get(LAB_SHELF)?.get(file);
    if (held === undefined) return new Set();
    const below = this.#allOf(held, LAB_SHELF).flatMap(({ words }) => [...words.heading, ...words.quotes.flat()]);
    return new Set([...indexTerms(titleOf(held.document)), ...below]);
  }

  /** Shelf by shelf, in the order in which they were added. */
  documents({ shelves, counts }: Scope = LAB_SCOPE): HeldDocument[] {
    return [...new Set(shelves)]
      .flatMap((shelf) => [...(this.#shelves.get(shelf)?.values() ?? [])].map(({ document }) => document))
      .filter((document) => counts?.(document) !== false);
  }

  /** The passages that hold the terms and fit them best, best first. Equal ones keep the order in which they were added. */
  search(
    terms: readonly string[],
    limit: number,
    { shelves, counts }: Scope = LAB_SCOPE,
    weights?: ReadonlyMap<string, number>,
  ): Passage[] {
    const filter = this.#filterOf(counts);
    return this.index.search({ terms, limit, shelves, weights, ...filter }).flatMap(({ shelf, key, entry, score }) => {
      const held = this.#shelves.get(shelf)?.get(key);
      return held === undefined ? [] : this.#passage(held, shelf, { entry, score });
    });
  }

  /** How well whole documents fit the terms: those that fit best. */
  documentScores(
    terms: readonly string[],
    limit: number,
    { shelves, counts }: Scope = LAB_SCOPE,
    weights?: ReadonlyMap<string, number>,
  ): Map<Document, number> {
    const filter = this.#filterOf(counts);
    const hits = this.whole.search({ terms, limit, shelves, weights, refine: false, ...filter });
    return new Map(
      hits.flatMap(({ shelf, key, score }): [Document, number][] => {
        const document = this.#shelves.get(shelf)?.get(key)?.document;
        return document === undefined ? [] : [[document, score]];
      }),
    );
  }

  /** A passage by its number, as a search that gave it no score; undefined when its document is not, or no more, in the scope. */
  passage(document: Document, entry: number, { shelves, counts }: Scope = LAB_SCOPE): Passage | undefined {
    if (counts?.(document) === false) return undefined;
    for (const shelf of shelves) {
      const held = this.#shelves.get(shelf)?.get(document.file);
      if (held?.document === document) return this.#passage(held, shelf, { entry, score: 0 })[0];
    }
    return undefined;
  }

  /** How likely the question is, of those that authors foresaw; what stands on several shelves, by the first that has it. */
  likelihoods(question: string, { shelves }: Scope = LAB_SCOPE): Likelihoods {
    const all = shelves.map((shelf) => this.#foreseenOn(shelf).likelihoods(question));
    const first = (of: (one: Likelihoods) => number | undefined): number | undefined => {
      for (const one of all) {
        const likelihood = of(one);
        if (likelihood !== undefined) return likelihood;
      }
      return undefined;
    };
    return {
      section: (passage) => first(({ section }) => section(passage)),
      document: (passage) => first(({ document }) => document(passage)),
    };
  }

  /** How much each term tells passages of these shelves apart: the rarer, the more. */
  inverseFrequencies(terms: Iterable<string>, { shelves }: Scope = LAB_SCOPE): Map<string, number> {
    return this.index.inverseFrequencies(terms, shelves);
  }

  /** How many passages of these shelves hold each term. */
  counts(terms: Iterable<string>, { shelves }: Scope = LAB_SCOPE): Map<string, number> {
    return this.index.counts(terms, shelves);
  }

  #foreseenOn(shelf: string): Foreseen {
    const before = this.#foreseen.get(shelf);
    if (before !== undefined) return before;
    const held = this.#shelves.get(shelf);
    const made = new Foreseen([...(held?.values() ?? [])].flatMap(({ card }) => card.foreseen));
    if (held !== undefined) this.#foreseen.set(shelf, made);
    return made;
  }

  #forget(shelf: string, ...cards: readonly (Card | undefined)[]): void {
    if (cards.some((card) => card !== undefined && card.foreseen.length > 0)) this.#foreseen.delete(shelf);
  }

  #filterOf(counts: Scope['counts']): Pick<Question, 'counts'> {
    if (counts === undefined) return {};
    return {
      counts: (key, shelf) => {
        const document = this.#shelves.get(shelf)?.get(key)?.document;
        return document !== undefined && counts(document);
      },
    };
  }

  #passage(held: Held, shelf: string, { entry, score }: { entry: number; score: number }): Passage[] {
    const stored = this.#stored(held, entry, shelf);
    if (stored === undefined) return [];
    const { heading, path, also, start, end, text, quotes, words } = stored;
    const { document } = held;
    return [{ file: document.file, heading, path, also, start, end, text, quotes, document, entry, score, words }];
  }

  #stored(held: Held, entry: number, shelf: string): StoredPassage | undefined {
    const key = `${held.number} ${entry}`;
    const known = this.#passages.get(key);
    if (known !== undefined || entry >= held.card.passages) return known;
    const bytes = this.index.stored(held.document.file, FIRST_PASSAGE_PIECE + entry, shelf);
    if (bytes === undefined) return undefined;
    const passage = passageIn(bytes, held.card.name);
    this.#passages.set(key, passage);
    return passage;
  }

  /** What a folder had of a shelf. */
  async #adopt(shelf: string): Promise<void> {
    for (const [at, file] of this.index.keys(shelf).entries()) {
      const card = this.index.stored(file, CARD_PIECE, shelf);
      if (card !== undefined) this.#hold(cardIn(card), shelf);
      if (at % TURN_DOCUMENTS === 0) await othersTurn();
    }
  }

  /** After a crash between the two: passages are what there is, and documents that they are not of are made of them. */
  async #mend(): Promise<void> {
    this.#isSettled = false;
    for (const shelf of this.whole.shelves())
      for (const file of this.whole.keys(shelf)) if (!this.index.has(file, shelf)) this.whole.remove(file, shelf);
    for (const [shelf, all] of this.#shelves)
      for (const held of all.values()) {
        const { document } = held;
        const mark = markOf(document);
        if (mark.equals(this.whole.stored(document.file, 0, shelf) ?? new Uint8Array())) continue;
        const passages = this.#allOf(held, shelf).map((passage) => ({ file: document.file, ...passage }));
        const words = passages.map((passage) => passage.words);
        this.whole.put(document.file, [wholeEntryOf(document, passages, words)], { shelf, stored: [mark] });
        await othersTurn();
      }
  }

  #allOf(held: Held, shelf: string): StoredPassage[] {
    return Array.from({ length: held.card.passages }, (_, entry) => this.#stored(held, entry, shelf) ?? []).flat();
  }

  #hold(card: Card, shelf: string): void {
    const { document: said } = card;
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    const read = (): string => {
      const known = this.#texts.get(number);
      if (known !== undefined) return known;
      const bytes = this.index.stored(said.file, TEXT_PIECE, shelf);
      if (bytes === undefined)
        throw new AppError('not_found', `Cannot read ${said.file}: it was removed meanwhile. Ask again.`);
      const text = textIn(bytes);
      this.#texts.set(number, text);
      return text;
    };
    let kept: string | undefined;
    const document = {
      ...said,
      get text() {
        return kept ?? read();
      },
    };
    const keepText = (): void => {
      kept = document.text;
    };
    const held = this.#shelves.get(shelf) ?? new Map<string, Held>();
    this.#shelves.set(shelf, held);
    held.set(said.file, { card, document, number, keepText });
  }

  /** One state of both: where a crash comes between them, the next start sees that they differ. */
  #commit(): void {
    const checkpoint = `${MADE}${randomUUID()}`;
    for (const each of [this.whole, this.index]) each.commit(checkpoint);
    this.#isSettled = true;
  }
}

/** Whether nothing would change: neither the text, by its version, nor what is said of it. No text is read for it. */
function isSame({ document: before, titled }: Card, document: Document): boolean {
  const { title, characters: _, bytes: __, ...said } = before;
  const { text: ___, comments: ____, title: given, ...asked } = document;
  return titled === (given !== undefined) && (given ?? title) === title && isDeepStrictEqual(said, asked);
}

/** What a document as a whole was made of. */
const markOf = ({ version, kind = 'markdown', title }: Card['document']): Buffer =>
  Buffer.from(JSON.stringify([version, kind, title]));
