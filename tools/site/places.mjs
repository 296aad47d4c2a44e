// Where things are: the documents as the Librarian has them, their copies for VitePress, and the site. All but the first is in dist/.
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const SOURCE = `${ROOT}dist/site/source`;
export const SITE = `${ROOT}dist/site/pages`;

/** A folder's README is its page. */
export const pageOf = (file) => file.replace(/(^|\/)README\.md$/, '$1index.md');
