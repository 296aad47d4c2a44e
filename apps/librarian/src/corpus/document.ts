// A text of the knowledge base under the name that citations give. Offsets everywhere count UTF-16 code units of `text`.

export interface Document {
  /** Path in the installation with forward slashes, such as `docs/roles.md`, or `solutions/<id>.md`. */
  readonly file: string;
  /** Markdown, never changed after it was read. */
  readonly text: string;
}

/** Longer ones are no documentation, and their whole text could not be answered in one message. */
export const DOCUMENT_BYTES_MAX = 512 * 1024;
