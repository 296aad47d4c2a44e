// The tools that the Jobs page calls or leads to, and which of its views a caller has.
import { type Named, viewsIn } from '../mcp/parts.js';

export const TOOLS = {
  list: 'mechanic_list_jobs',
  job: 'mechanic_get_job',
  why: 'mechanic_why_pending',
  submit: 'mechanic_orchestrate_training_job',
  cancel: 'mechanic_cancel_job',
  retry: 'mechanic_retry_job',
  artifacts: 'mechanic_list_artifacts',
  artifact: 'mechanic_get_artifact',
  nodes: 'mechanic_list_nodes',
  drain: 'mechanic_drain_node',
  analyze: 'librarian_analyze_error',
} as const;

export type Part = keyof typeof TOOLS;

export const VIEWS = [
  { view: 'list', label: 'Jobs', needs: 'list' },
  { view: 'machines', label: 'Machines', needs: 'nodes' },
] as const satisfies ReadonlyArray<{ view: string; label: string; needs: Part }>;

export type View = (typeof VIEWS)[number];

export const viewsFor = (tools: Named): readonly View[] => viewsIn(VIEWS, TOOLS, tools);
