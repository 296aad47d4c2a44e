// The door of @labmesh/search: full-text search in memory, for documents and for tools. It knows terms, never their source.
export { Bm25Index, type Field, type Hit } from './bm25-index.js';
export { tokenize } from './tokens.js';
