// The door of the Librarian for the lab app, which runs it in one process with the others.
export { LibrarianModule } from './librarian.module.js';
export { type Fingerprint, Fingerprints } from './errors/fingerprints.js';
