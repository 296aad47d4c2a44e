// The door of @labmesh/search: full-text search for documents and for tools. It knows terms, never their source.
export { indexTerms, tokenize } from './analysis/tokens.js';
export type { FieldSpec } from './fields.js';
export { type Entry, type Hit, type Question, SearchIndex } from './search-index.js';
export { type FoundTool, firstSentence, ToolSearch, type ToolWords } from './tools/tool-search.js';
