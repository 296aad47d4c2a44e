// A text of the knowledge base under the name that citations give. Offsets everywhere count UTF-16 code units of `text`.
import { createHash } from 'node:crypto';

/** How a text is cut: at its headings, at its paragraphs, or at its lines. */
export type DocumentKind = 'markdown' | 'text' | 'code';

/** A comment or docstring of code, by its place in the text. */
export interface CommentPlace {
  readonly start: number;
  readonly end: number;
  /** Names of the symbols that it is about, outermost first; empty for the file itself. */
  readonly path: readonly string[];
}

export interface Document {
  /** Path in the installation with forward slashes, such as `docs/roles.md`, or `solutions/<id>.md`. */
  readonly file: string;
  /** Never changed after it was read: another text is another version. */
  readonly text: string;
  /** Of the text, as `versionOf` gives it: the same text has the same version everywhere. */
  readonly version: string;
  /** What it belongs to, for those who ask only a part of the knowledge base: `docs`, `vials`, `solutions`, `datasets`. */
  readonly collection: string;
  /** What people call that, where they gave it a name; left out: the same. */
  readonly collectionName?: string;
  /** What it is called where its text does not say. */
  readonly title?: string;
  /** When it came; left out where nobody knows, as with what is installed. */
  readonly at?: Date;
  /** `markdown` when left out. */
  readonly kind?: DocumentKind;
  /** Of code: what of it is said for people. Then these are its passages, and nothing else of it is searched. */
  readonly comments?: readonly CommentPlace[];
  /** Of a logged solution: what of it cures. What comes after that is there to be found by, and is not quoted. */
  readonly cure?: { readonly start: number; readonly end: number };
}

/** Longer ones are no documentation, and their whole text could not be answered in one message. */
export const DOCUMENT_BYTES_MAX = 512 * 1024;

/** Hexadecimal digits of a version: enough that no two versions of a document are ever taken for one. */
const VERSION_DIGITS = 16;

/** The beginning of the text's SHA-256 as UTF-8, in hexadecimal. */
export const versionOf = (text: string): string =>
  createHash('sha256').update(text, 'utf8').digest('hex').slice(0, VERSION_DIGITS);

export const newDocument = (given: Omit<Document, 'version'>): Document => ({
  ...given,
  version: versionOf(given.text),
});
