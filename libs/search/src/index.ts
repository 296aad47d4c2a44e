// The door of @labmesh/search: full-text search for documents and for tools. It knows terms, never their source.
export { indexTerms, tokenize } from './analysis/tokens.js';
export type { FieldSpec } from './fields.js';
export { type Question, SearchIndex } from './search-index.js';
export { Phrases } from './tools/phrases.js';
export { firstSentence, ToolSearch } from './tools/tool-search.js';
