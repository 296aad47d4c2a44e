// What is known, where it comes from, and what solves what, as the lab's tools answer it.
import type { architect, librarian, mechanic, ToolOutput } from '@labmesh/contracts';

type Tools = typeof librarian.tools;

export type Found = ToolOutput<Tools['query_knowledge_base']>;
export type Claim = Found['claims'][number];
export type LabDocument = ToolOutput<Tools['get_document']>;
export type Collections = ToolOutput<Tools['list_collections']>;
export type Collection = Collections['collections'][number];
export type Source = Collection['sources'][number];
export type Ingested = ToolOutput<Tools['ingest_source']>;
export type SolutionPage = ToolOutput<Tools['list_solutions']>;
export type Solution = SolutionPage['solutions'][number];
export type Voted = ToolOutput<Tools['vote_solution']>;
export type Accepted = ToolOutput<Tools['accept_solution']>;
export type Logged = ToolOutput<Tools['log_new_solution']>;
export type Analysis = ToolOutput<Tools['analyze_error']>;
export type ErrorEvent = Analysis['events'][number];
export type ErrorPage = ToolOutput<Tools['list_errors']>;
export type SeenError = ErrorPage['errors'][number];
export type Trace = Analysis['traces'][number];
export type Frame = Trace['chain'][number]['frames'][number];
export type Encoders = ToolOutput<Tools['list_encoders']>;
export type Encoder = Encoders['models'][number];
export type Projects = ToolOutput<typeof architect.tools.list_projects>;
export type Jobs = ToolOutput<typeof mechanic.tools.list_jobs>;

/** What is the lab's own has this for a wallet. */
export const LAB = 'lab';

/** Collections that every lab has: the list names them only once something is in them. */
export const LAB_COLLECTIONS = ['docs', 'vials', 'solutions', 'datasets', 'code'] as const;
