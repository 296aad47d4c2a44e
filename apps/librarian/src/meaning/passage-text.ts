// What of a passage is encoded. Changed, `PASSAGES_FORM` changes with it.
import type { Chunk } from '../corpus/chunking.js';

/** The headings above it say what it is about; the text itself may not. */
export const passageText = ({ heading, text }: Pick<Chunk, 'heading' | 'text'>): string => `${heading}\n${text}`;
