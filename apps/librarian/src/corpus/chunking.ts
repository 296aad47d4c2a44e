// Cuts a document into passages small enough to cite: each within one section, each an exact slice of the text.
import type { Document } from './document.js';
import { sectionsOf } from './headings.js';

/** A passage ends at a good place between these lengths, in UTF-16 code units. */
export const CHUNK_CHARACTERS_MIN = 700;
export const CHUNK_CHARACTERS_MAX = 1_200;

export interface Chunk {
  readonly file: string;
  /** Headings above the passage, outermost first, joined with " > "; the file's name where there is none. */
  readonly heading: string;
  /** `document.text.slice(start, end) === text`. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Good places to cut, best first: between paragraphs, lines, sentences, words. */
const BOUNDARIES = ['\n\n', '\n', '. ', ' '] as const;

/** Every character of the document is in one passage, except headings and the white space around passages. */
export function chunksOf({ file, text }: Document): Chunk[] {
  const chunks: Chunk[] = [];
  for (const { path, start: from, end } of sectionsOf(text)) {
    const heading = path.length === 0 ? file : path.join(' > ');
    for (let start = from; start < end; ) {
      const cut = cutAfter(text, start, end);
      const chunk = trimmed(text, start, cut);
      if (chunk !== undefined) chunks.push({ file, heading, ...chunk });
      start = cut;
    }
  }
  return chunks;
}

/** Where the passage that begins at `start` ends: always beyond `start`, at most `end`. */
function cutAfter(text: string, start: number, end: number): number {
  if (end - start <= CHUNK_CHARACTERS_MAX) return end;
  const window = text.slice(start + CHUNK_CHARACTERS_MIN, start + CHUNK_CHARACTERS_MAX);
  for (const boundary of BOUNDARIES) {
    const at = window.lastIndexOf(boundary);
    if (at !== -1) return start + CHUNK_CHARACTERS_MIN + at + boundary.length;
  }
  const cut = start + CHUNK_CHARACTERS_MAX;
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(cut - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(cut));
  return splitsPair ? cut - 1 : cut;
}

function trimmed(text: string, from: number, to: number): Pick<Chunk, 'start' | 'end' | 'text'> | undefined {
  const slice = text.slice(from, to);
  const body = slice.trim();
  if (body === '') return undefined;
  const start = from + (slice.length - slice.trimStart().length);
  return { start, end: start + body.length, text: body };
}
