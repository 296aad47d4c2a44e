// All documents in memory with the index over their passages, on shelves by who may read them. It never reads a file or a database,
// and never decides who may read what: who asks names the shelves.
import { type FieldSpec, indexTerms, type Question, SearchIndex } from '@labmesh/search';
import { type Chunk, chunksOf } from './chunking.js';
import type { Document } from './document.js';
import { Foreseen, type Likelihoods } from './foreseen.js';
import { titleOf } from './headings.js';

/** What everybody who may ask at all may read. */
export const LAB_SHELF = 'lab';

/** What a question may see. Nothing outside it has any part in what is found, or in any number. */
export interface Scope {
  readonly shelves: readonly string[];
  /** Documents of these shelves that are asked; all when left out. Frequencies of words are those of the shelves. */
  readonly counts?: (document: Document) => boolean;
}

export const LAB_SCOPE: Scope = { shelves: [LAB_SHELF] };

/**
 * A word in a title or heading tells more about a passage than one in its text, and one in code less: code is full of words that
 * it is not about. Headings are short by nature, so their length says little.
 */
const FIELDS = {
  heading: { weight: 2, lengthShare: 0.5 },
  also: { weight: 1.5, lengthShare: 0.5 },
  body: { weight: 1, lengthShare: 0.75 },
  code: { weight: 0.7, lengthShare: 0.75 },
} as const satisfies Record<string, FieldSpec>;

/** What a whole document is about is said by its name, title, headings and beginning more than by any passage in it. */
const DOCUMENT_FIELDS = {
  name: { weight: 3, lengthShare: 0.3 },
  heading: { weight: 2, lengthShare: 0.5 },
  also: { weight: 1.5, lengthShare: 0.5 },
  lead: { weight: 1.5, lengthShare: 0.5 },
  body: { weight: 1, lengthShare: 0.75 },
  code: { weight: 0.2, lengthShare: 0.75 },
} as const satisfies Record<string, FieldSpec>;

export interface Passage extends Chunk {
  /** The version of the document that the passage is cut from. */
  readonly document: Document;
  /** Which of the document's passages it is. */
  readonly entry: number;
  readonly score: number;
  readonly words: Words;
}

/** A passage's terms, so that they need not be found anew for each question. */
export interface Words {
  /** Of its document's name and title. */
  readonly name: readonly string[];
  /** Of the headings above it but the title; and of the nearest. */
  readonly heading: readonly string[];
  readonly nearest: readonly string[];
  /** Of each of the other words for its section. */
  readonly also: readonly (readonly string[])[];
  /** Of each quote, in the order of `quotes`. */
  readonly quotes: readonly (readonly string[])[];
}

interface Held {
  readonly document: Document;
  readonly chunks: readonly Chunk[];
  readonly words: readonly Words[];
}

export class Corpus {
  readonly #shelves = new Map<string, Map<string, Held>>();
  readonly #index = new SearchIndex(FIELDS);
  readonly #whole = new SearchIndex(DOCUMENT_FIELDS);
  /** By shelf; made when it is asked, and anew when other words came or went. */
  readonly #foreseen = new Map<string, Foreseen>();

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
    const held = this.#shelves.get(shelf) ?? new Map<string, Held>();
    this.#shelves.set(shelf, held);
    const before = held.get(document.file);
    if (before !== undefined && sameText(before.document, document)) {
      held.set(document.file, { ...before, document });
      return;
    }
    const chunks = chunksOf(document);
    const words = wordsOf(document, chunks);
    this.#forget(shelf, chunks, before?.chunks);
    held.set(document.file, { document, chunks, words });
    this.#index.put(
      document.file,
      chunks.map((chunk, at) => entryOf(chunk, words[at])),
      shelf,
    );
    this.#whole.put(document.file, [wholeEntryOf(document, chunks, words)], shelf);
  }

  /** Takes a document away; one that is not there changes nothing. */
  remove(file: string, shelf = LAB_SHELF): void {
    this.#forget(shelf, this.#shelves.get(shelf)?.get(file)?.chunks);
    if (this.#shelves.get(shelf)?.delete(file) !== true) return;
    this.#index.remove(file, shelf);
    this.#whole.remove(file, shelf);
  }

  /** By the exact name, on the first shelf that has it; undefined when none does. */
  document(file: string, { shelves, counts }: Scope = LAB_SCOPE): Document | undefined {
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
    const below = held.words.flatMap(({ heading, quotes }) => [...heading, ...quotes.flat()]);
    return new Set([...indexTerms(titleOf(held.document)), ...below]);
  }

  /** Shelf by shelf, in the order in which they were added. */
  documents({ shelves, counts }: Scope = LAB_SCOPE): Document[] {
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
    return this.#index.search({ terms, limit, shelves, weights, ...filter }).flatMap(({ shelf, key, entry, score }) => {
      const held = this.#shelves.get(shelf)?.get(key);
      return held === undefined ? [] : passageOf(held, entry, score);
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
    const hits = this.#whole.search({ terms, limit, shelves, weights, refine: false, ...filter });
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
      if (held?.document === document) return passageOf(held, entry, 0)[0];
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

  #foreseenOn(shelf: string): Foreseen {
    const before = this.#foreseen.get(shelf);
    if (before !== undefined) return before;
    const held = this.#shelves.get(shelf);
    const made = new Foreseen([...(held?.values() ?? [])].flatMap(({ chunks }) => chunks));
    if (held !== undefined) this.#foreseen.set(shelf, made);
    return made;
  }

  #forget(shelf: string, ...chunks: readonly (readonly Chunk[] | undefined)[]): void {
    if (chunks.flatMap((each) => each ?? []).some(({ also }) => also.length > 0)) this.#foreseen.delete(shelf);
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

  /** How much each term tells passages of these shelves apart: the rarer, the more. */
  inverseFrequencies(terms: Iterable<string>, { shelves }: Scope = LAB_SCOPE): Map<string, number> {
    return this.#index.inverseFrequencies(terms, shelves);
  }
}

function passageOf({ document, chunks, words }: Held, entry: number, score: number): Passage[] {
  const [chunk, its] = [chunks[entry], words[entry]];
  return chunk === undefined || its === undefined ? [] : [{ ...chunk, document, entry, score, words: its }];
}

const sameText = (a: Document, b: Document): boolean => a.text === b.text && a.title === b.title && a.kind === b.kind;

function wordsOf(document: Document, chunks: readonly Chunk[]): Words[] {
  const title = titleOf(document);
  const name = [...new Set(indexTerms(`${nameOf(document.file)} ${title}`))];
  return chunks.map(({ path, also, quotes }) => {
    const below = path[0] === title ? path.slice(1) : path;
    return {
      name,
      heading: indexTerms(below.join(' ')),
      nearest: indexTerms(below.at(-1) ?? ''),
      also: also.map((phrase) => indexTerms(phrase)),
      quotes: quotes.map(({ text }) => indexTerms(text)),
    };
  });
}

/** A README is called by its folder. */
const nameOf = (file: string): string =>
  file
    .replace(/\.[a-z]{1,4}$/i, '')
    .replace(/\/README$/i, '')
    .split('/')
    .at(-1) ?? '';

/** What is no statement goes where code does: it tells what a passage is about, and answers nothing. */
const termsIn = ({ quotes }: Chunk, words: Words | undefined, statement: boolean): string[] =>
  quotes.flatMap(({ kind }, at) => ((kind === 'statement') === statement ? [...(words?.quotes[at] ?? [])] : []));

const entryOf = (chunk: Chunk, words: Words | undefined) => ({
  heading: indexTerms(chunk.heading),
  also: words?.also.flat() ?? [],
  body: termsIn(chunk, words, true),
  code: termsIn(chunk, words, false),
});

/** Headings over generated text alone are left out: there are many, and they are not what a document is for. */
function wholeEntryOf(document: Document, chunks: readonly Chunk[], words: readonly Words[]) {
  const title = titleOf(document);
  const said = chunks.filter(({ quotes }) => quotes.some(({ kind }) => kind !== 'generated'));
  const headings = new Set(said.flatMap(({ path }) => path));
  headings.delete(title);
  const [first] = chunks;
  return {
    name: words[0]?.name ?? [],
    heading: [...headings].flatMap((heading) => indexTerms(heading)),
    also: [...new Map(chunks.map(({ also }, at) => [also, words[at]?.also.flat() ?? []])).values()].flat(),
    lead: first === undefined ? [] : termsIn(first, words[0], true),
    body: chunks.flatMap((chunk, at) => termsIn(chunk, words[at], true)),
    code: chunks.flatMap((chunk, at) => termsIn(chunk, words[at], false)),
  };
}
