// The terms of a document's passages, field by field as the index has them, and of the document as a whole. It holds nothing.
import { type FieldSpec, indexTerms } from '@labmesh/search';
import type { Chunk } from './chunking.js';
import type { Document } from './document.js';
import { titleOf } from './headings.js';

/**
 * A word in a title or heading tells more about a passage than one in its text, and one in code less: code is full of words that
 * it is not about. Headings are short by nature, so their length says little.
 */
export const FIELDS = {
  heading: { weight: 2, lengthShare: 0.5 },
  also: { weight: 1.5, lengthShare: 0.5 },
  body: { weight: 1, lengthShare: 0.75 },
  code: { weight: 0.7, lengthShare: 0.75 },
} as const satisfies Record<string, FieldSpec>;

/** What a whole document is about is said by its name, title, headings and beginning more than by any passage in it. */
export const DOCUMENT_FIELDS = {
  name: { weight: 3, lengthShare: 0.3 },
  heading: { weight: 2, lengthShare: 0.5 },
  also: { weight: 1.5, lengthShare: 0.5 },
  lead: { weight: 1.5, lengthShare: 0.5 },
  body: { weight: 1, lengthShare: 0.75 },
  code: { weight: 0.2, lengthShare: 0.75 },
} as const satisfies Record<string, FieldSpec>;

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

const nameTerms = (document: Document): string[] => [
  ...new Set(indexTerms(`${nameOf(document.file)} ${titleOf(document)}`)),
];

export function wordsOf(document: Document, chunks: readonly Chunk[]): Words[] {
  const title = titleOf(document);
  const name = nameTerms(document);
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

export const entryOf = (chunk: Chunk, words: Words | undefined) => ({
  heading: indexTerms(chunk.heading),
  also: words?.also.flat() ?? [],
  body: termsIn(chunk, words, true),
  code: termsIn(chunk, words, false),
});

/** Headings over generated text alone are left out: there are many, and they are not what a document is for. */
export function wholeEntryOf(document: Document, chunks: readonly Chunk[], words: readonly Words[]) {
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

/** A README is called by its folder. */
const nameOf = (file: string): string =>
  file
    .replace(/\.[a-z]{1,4}$/i, '')
    .replace(/\/README$/i, '')
    .split('/')
    .at(-1) ?? '';

/** What is no statement goes where code does: it tells what a passage is about, and answers nothing. */
function termsIn({ quotes }: Chunk, words: Words | undefined, statement: boolean): string[] {
  const terms: string[] = [];
  for (const [at, { kind }] of quotes.entries())
    if ((kind === 'statement') === statement) for (const term of words?.quotes[at] ?? []) terms.push(term);
  return terms;
}
