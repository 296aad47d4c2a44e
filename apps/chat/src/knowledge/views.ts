// The tools that the Knowledge page calls, and which of its views a caller has.
import { type Named, viewsIn } from '../mcp/parts.js';

export const TOOLS = {
  ask: 'librarian_query_knowledge_base',
  document: 'librarian_get_document',
  collections: 'librarian_list_collections',
  ingest: 'librarian_ingest_source',
  remove: 'librarian_remove_source',
  solutions: 'librarian_list_solutions',
  log: 'librarian_log_new_solution',
  vote: 'librarian_vote_solution',
  accept: 'librarian_accept_solution',
  analyze: 'librarian_analyze_error',
  errors: 'librarian_list_errors',
  models: 'librarian_list_encoders',
  useModel: 'librarian_use_encoder',
  addModel: 'librarian_add_encoder',
  removeModel: 'librarian_remove_encoder',
  projects: 'architect_list_projects',
  jobs: 'mechanic_list_jobs',
} as const;

export type Part = keyof typeof TOOLS;

export const VIEWS = [
  { view: 'search', label: 'Search', needs: 'ask' },
  { view: 'solutions', label: 'Solutions', needs: 'solutions' },
  { view: 'errors', label: 'Errors', needs: 'analyze' },
  { view: 'collections', label: 'Collections', needs: 'collections' },
  { view: 'models', label: 'Search models', needs: 'models' },
] as const satisfies ReadonlyArray<{ view: string; label: string; needs: Part }>;

export type View = (typeof VIEWS)[number];

/** In the place of a view: one document, which is no entry of the navigation. */
export const DOCUMENT = 'document';
/** In the place of a solution's id, or a collection's: the form for a new one. */
export const NEW = 'new';

export const viewsFor = (tools: Named): readonly View[] => viewsIn(VIEWS, TOOLS, tools);
