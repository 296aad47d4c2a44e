// Cuts a document into passages small enough to cite: each within one section, each an exact slice of the text, with what in it can be
// quoted.
import { generatedSpans, type Quote, quotesOf } from '../answers/quotable.js';
import { commentQuotes } from '../code/comment-quotes.js';
import { alsoOf } from './also.js';
import type { CommentPlace, Document } from './document.js';
import { type Section, sectionsOf } from './headings.js';

/** A passage ends at a good place between these lengths, in UTF-16 code units. */
const CHUNK_CHARACTERS_MIN = 700;
export const CHUNK_CHARACTERS_MAX = 1_200;

export interface Chunk {
  readonly file: string;
  /** Headings above the passage, outermost first, joined with " > "; the file's name where there is none. */
  readonly heading: string;
  /** The same headings apart; empty where there is none. */
  readonly path: readonly string[];
  /** Other words for its section, as its author gave them. */
  readonly also: readonly string[];
  /** `document.text.slice(start, end) === text`. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** In the order of the text; their places are those in the document. */
  readonly quotes: readonly Quote[];
}

type Cut = Pick<Document, 'file' | 'text' | 'title' | 'kind' | 'comments'>;

/** Every character of the document is in one passage, but for headings, their other words and the white space around passages. */
export function chunksOf(document: Cut): Chunk[] {
  const { file, text, kind, comments } = document;
  if (comments !== undefined) return comments.flatMap((comment) => commentChunk(document, comment));
  const chunks: Chunk[] = [];
  const isMarkdown = kind === undefined || kind === 'markdown';
  const generated = isMarkdown ? generatedSpans(text) : [];
  for (const { path, start: begin, end } of partsOf(document)) {
    const { phrases: also, end: told } = isMarkdown ? alsoOf(text.slice(begin, end)) : { phrases: [], end: 0 };
    const from = begin + told;
    const heading = path.length === 0 ? file : path.join(' > ');
    const quotes = quotesOf(text.slice(from, end), kind).map((quote): Quote => {
      const place = { ...quote, start: quote.start + from, end: quote.end + from };
      return generated.some((span) => place.start >= span.start && place.end <= span.end)
        ? { ...place, kind: 'generated' }
        : place;
    });
    for (let start = from; start < end; ) {
      const cut = cutAfter(text, { start, end }, quotes);
      const chunk = trimmed(text, start, cut);
      if (chunk !== undefined)
        chunks.push({ file, heading, path, also, ...chunk, quotes: quotesIn(quotes, chunk, text) });
      start = cut;
    }
  }
  return chunks;
}

/** A comment is a passage as it is; one in which nothing can be quoted is none. */
function commentChunk({ file, text }: Cut, { start, end, path }: CommentPlace): Chunk[] {
  const quotes = commentQuotes(text, { start, end });
  if (quotes.length === 0) return [];
  const heading = path.length === 0 ? file : path.join(' > ');
  return [{ file, heading, path, also: [], start, end, text: text.slice(start, end), quotes }];
}

/** A text that is no Markdown is one section, under its title. */
function partsOf({ text, title, kind = 'markdown' }: Cut): Section[] {
  if (kind === 'markdown') return sectionsOf(text);
  return [{ path: title === undefined ? [] : [title], start: 0, end: text.length }];
}

/** Where the passage that begins at `start` ends: always beyond `start`, at most `end`. */
function cutAfter(text: string, { start, end }: { start: number; end: number }, quotes: readonly Quote[]): number {
  if (end - start <= CHUNK_CHARACTERS_MAX) return end;
  const [from, to] = [start + CHUNK_CHARACTERS_MIN, start + CHUNK_CHARACTERS_MAX];
  const window = text.slice(from, to);
  const paragraph = Math.max(window.lastIndexOf('\n\n'), window.lastIndexOf('\n\r\n'));
  if (paragraph !== -1) return from + paragraph + 1;
  const quote = quotes.findLast((each) => each.end > from && each.end <= to);
  // The last bar of a row is no part of the quote, and stays with it.
  if (quote !== undefined) return quote.end + (/^ \|(?=\r?\n)/.exec(text.slice(quote.end, to))?.[0].length ?? 0);
  const space = window.lastIndexOf(' ');
  if (space !== -1) return from + space + 1;
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(to - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(to));
  return splitsPair ? to - 1 : to;
}

/** The quotes within the passage; of one that is longer than a passage, its piece. */
function quotesIn(quotes: readonly Quote[], chunk: { start: number; end: number }, text: string): Quote[] {
  return quotes.flatMap((quote) => {
    const [start, end] = [Math.max(quote.start, chunk.start), Math.min(quote.end, chunk.end)];
    if (start >= end) return [];
    const piece = text.slice(start, end);
    const bare = piece.trim();
    const at = start + piece.indexOf(bare);
    return bare === '' ? [] : [{ start: at, end: at + bare.length, text: bare, kind: quote.kind }];
  });
}

function trimmed(text: string, from: number, to: number): Pick<Chunk, 'start' | 'end' | 'text'> | undefined {
  const slice = text.slice(from, to);
  const body = slice.trim();
  if (body === '') return undefined;
  const start = from + (slice.length - slice.trimStart().length);
  return { start, end: start + body.length, text: body };
}
