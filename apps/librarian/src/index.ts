// The door of the Librarian: for the lab app, which runs it in one process with the others, and for what measures it.
export { answerFrom } from './answers/answering.js';
export { Corpus } from './corpus/corpus.js';
export { newDocument } from './corpus/document.js';
export { LibrarianModule } from './librarian.module.js';
export { type Fingerprint, Fingerprints } from './errors/fingerprints.js';
