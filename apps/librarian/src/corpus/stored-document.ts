// A document and its passages as the index keeps them: what is said of it in memory, its text and passages as bytes that are read when
// somebody looks. It never cuts a text, and never looks for one.
import type { Quote } from '../answers/quotable.js';
import type { Chunk } from './chunking.js';
import type { Document } from './document.js';
import type { Asked } from './foreseen.js';
import { titleOf } from './headings.js';
import type { Words } from './passage-terms.js';

/** A document that is on a shelf. */
export interface HeldDocument extends Document {
  readonly title: string;
  /** UTF-16 code units of its text. */
  readonly characters: number;
  /** Of its text as UTF-8. */
  readonly bytes: number;
}

/** All of a document that stays in memory, and is read first when an index is opened. */
export interface Card {
  readonly document: Omit<HeldDocument, 'text' | 'comments'>;
  /** Whether its title was given, and does not follow from its text. */
  readonly titled: boolean;
  /** Terms of its name and title. */
  readonly name: readonly string[];
  readonly passages: number;
  /** Of the sections whose author gave other words. */
  readonly foreseen: readonly Asked[];
}

export type StoredPassage = Omit<Chunk, 'file'> & { readonly words: Words };

/** Which piece is what; passages follow. */
export const CARD_PIECE = 0;
export const TEXT_PIECE = 1;
export const FIRST_PASSAGE_PIECE = 2;

export function cardOf(document: Document, chunks: readonly Chunk[], words: readonly Words[]): Card {
  const { text, comments: _, ...said } = document;
  return {
    document: { ...said, title: titleOf(document), characters: text.length, bytes: Buffer.byteLength(text) },
    titled: said.title !== undefined,
    name: words[0]?.name ?? [],
    passages: chunks.length,
    foreseen: chunks
      .filter(({ also }) => also.length > 0)
      .map(({ file, heading, path, also }) => ({ file, heading, path, also })),
  };
}

/** Terms of the name are the card's: they are the same in each passage. */
export const piecesOf = (
  card: Card,
  text: string,
  passages: readonly { readonly chunk: Chunk; readonly words: Words | undefined }[],
): Uint8Array[] => [
  bytesOf(card),
  bytesOf(text),
  ...passages.map(({ chunk, words }) => {
    const { heading, path, also, start, end, text: own } = chunk;
    const quotes = chunk.quotes.map((quote) => packed(quote, chunk));
    const terms = [words?.heading ?? [], words?.nearest ?? [], ...(words?.also ?? []), ...(words?.quotes ?? [])].map(
      joined,
    );
    return bytesOf([heading, path, also, start, end, own, quotes, terms] satisfies PackedPassage);
  }),
];

export function cardIn(bytes: Uint8Array): Card {
  const { document, ...rest } = valueIn(bytes) as Card;
  const { at, ...said } = document;
  return { document: at === undefined ? said : { ...said, at: new Date(at) }, ...rest };
}

export const textIn = (bytes: Uint8Array): string => valueIn(bytes) as string;

/** In the order of `PackedPassage`: small to read, as each question reads a hundred of them. */
type PackedPassage = readonly [
  heading: string,
  path: readonly string[],
  also: readonly string[],
  start: number,
  end: number,
  text: string,
  quotes: readonly Packed[],
  terms: readonly string[],
];

/** @param name terms of the document's name and title, as its card has them */
export function passageIn(bytes: Uint8Array, name: readonly string[]): StoredPassage {
  const [heading, path, also, start, end, text, quotes, terms] = valueIn(bytes) as PackedPassage;
  const [ofHeading = [], nearest = [], ...more] = terms.map(parted);
  return {
    heading,
    path,
    also,
    start,
    end,
    text,
    quotes: quotes.map((quote) => unpacked(quote, { start, text })),
    words: { name, heading: ofHeading, nearest, also: more.slice(0, also.length), quotes: more.slice(also.length) },
  };
}

/** No term has a line end in it. */
const joined = (terms: readonly string[]): string => terms.join('\n');
const parted = (terms: string): string[] => (terms === '' ? [] : terms.split('\n'));

type Within = Pick<Chunk, 'start' | 'text'>;

/** A quote by its place in the passage, of which its text is a slice. */
type Packed = readonly [start: number, end: number, kind: Quote['kind'], pieces?: readonly Packed[]];

function packed({ start, end, kind, pieces }: Quote, within: Within): Packed {
  const place = [start - within.start, end - within.start, kind] as const;
  return pieces === undefined ? place : [...place, pieces.map((piece) => packed(piece, within))];
}

function unpacked([start, end, kind, pieces]: Packed, within: Within): Quote {
  const quote = { start: within.start + start, end: within.start + end, text: within.text.slice(start, end), kind };
  return pieces === undefined ? quote : { ...quote, pieces: pieces.map((piece) => unpacked(piece, within)) };
}

/** JSON, which keeps every character, halves of pairs too. */
const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

const valueIn = (bytes: Uint8Array): unknown =>
  JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
