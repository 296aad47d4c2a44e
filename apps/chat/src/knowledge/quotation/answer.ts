// The Librarian's answers as the page reads them: the text split at its [n] marks, and a span found in its document.
export interface Place {
  readonly file: string;
  /** Left out in answers of before. */
  readonly collection?: string;
  readonly collectionName?: string;
  readonly heading: string;
  /** First character of the span in the file, counted from 0. */
  readonly start: number;
  /** One past the last character. */
  readonly end: number;
  readonly text: string;
  /** Of the document that the span is of. */
  readonly version?: string;
}

export interface Citation extends Place {
  readonly number: number;
}

/** What an answer stands on. */
export interface Sources {
  /** False when the knowledge base has no answer: `nearest` is none. */
  readonly answered: boolean;
  /** From 0 to 1. */
  readonly confidence: number;
  readonly citations: readonly Citation[];
  readonly nearest?: readonly Place[];
  /** The question as it was read, where a word in it was misspelt. */
  readonly readAs?: string;
}

export interface Answer extends Sources {
  /** Where there is none, it says so. */
  readonly answer: string;
  readonly nearest: readonly Place[];
}

/** `pumps/start.md` for `col_…/start.md`: what people brought is known by the name that they gave it. */
export const nameOf = ({
  file,
  collection = '',
  collectionName = collection,
}: Omit<Place, 'heading' | 'start' | 'end' | 'text'>): string =>
  collection !== '' && file.startsWith(`${collection}/`) ? `${collectionName}${file.slice(collection.length)}` : file;

export interface LabDocument {
  readonly file: string;
  readonly title: string;
  readonly text: string;
}

export type Piece = { readonly text: string } | { readonly citation: number };

/** "Pay first [1]." -> text, citation 1, text. Only numbers in `known` become citations; `[9]` alone stays text. */
export function splitCitations(text: string, known: ReadonlySet<number>): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(/\[(\d{1,3})\]/g)) {
    const number = Number(match[1]);
    if (!known.has(number)) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    pieces.push({ citation: number });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** A blank line parts paragraphs. A single line break is where the source wrapped its text, unless a list goes on. */
export const paragraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((part) => part.trim().replaceAll(/\s*\n(?!\s*(?:[-*+]|\d+\.)\s)\s*/g, ' '))
    .filter((part) => part !== '');

export interface SplitDocument {
  readonly before: string;
  readonly span: string;
  readonly after: string;
}

/**
 * Cuts a document around a cited span. The offsets count when the text there is the cited one; a document that
 * changed since is searched for it, and when it is gone nothing is marked: a wrong mark would be a false quotation.
 */
export function splitDocument(text: string, citation: Pick<Place, 'start' | 'end' | 'text'>): SplitDocument {
  const at = text.slice(citation.start, citation.end) === citation.text ? citation.start : text.indexOf(citation.text);
  if (at < 0 || citation.text === '') return { before: text, span: '', after: '' };
  const end = at + citation.text.length;
  return { before: text.slice(0, at), span: text.slice(at, end), after: text.slice(end) };
}
