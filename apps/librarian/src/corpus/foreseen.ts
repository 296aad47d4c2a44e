// How likely a question is, of those that the author of a section foresaw: its heading and its other words. Learnt from one shelf
// alone, so that nothing of another shows in a number.
import { Phrases } from '@labmesh/search';
import type { Chunk } from './chunking.js';

export interface Likelihoods {
  /** Of the section that a passage is of, as logarithms; undefined where its author gave no other words. */
  readonly section: (passage: Pick<Chunk, 'file' | 'heading'>) => number | undefined;
  /** Of all of its document's sections together. */
  readonly document: (passage: Pick<Chunk, 'file'>) => number | undefined;
}

export type Asked = Pick<Chunk, 'file' | 'heading' | 'path' | 'also'>;

export class Foreseen {
  readonly #sections: Model;
  readonly #documents: Model;

  constructor(chunks: Iterable<Asked>) {
    const sections = new Map<string, ReadonlySet<string>>();
    const documents = new Map<string, Set<string>>();
    for (const chunk of chunks) {
      const key = sectionOf(chunk);
      if (chunk.also.length === 0 || sections.has(key)) continue;
      const phrases = new Set([chunk.path.at(-1) ?? '', ...chunk.also]);
      sections.set(key, phrases);
      documents.set(chunk.file, new Set([...(documents.get(chunk.file) ?? []), ...phrases]));
    }
    this.#sections = new Model(sections);
    this.#documents = new Model(documents);
  }

  likelihoods(question: string): Likelihoods {
    const [section, document] = [this.#sections.of(question), this.#documents.of(question)];
    return { section: (passage) => section(sectionOf(passage)), document: ({ file }) => document(file) };
  }
}

const sectionOf = ({ file, heading }: Pick<Chunk, 'file' | 'heading'>): string => `${file} ${heading}`;

/** Phrases, by what they are of. */
class Model {
  readonly #places: ReadonlyMap<string, number>;
  readonly #phrases: Phrases;

  constructor(phrases: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#places = new Map([...phrases.keys()].map((key, place) => [key, place]));
    this.#phrases = new Phrases([...phrases.values()].map((each) => [...each]));
  }

  of(question: string): (key: string) => number | undefined {
    const likelihoods = this.#phrases.likelihoods(question);
    return (key) => {
      const place = this.#places.get(key);
      return place === undefined ? undefined : likelihoods[place];
    };
  }
}
