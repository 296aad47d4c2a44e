// The tools that the home view reads: a card is there when the lab lists its tool for the caller.
import { usePartsIn } from '../mcp/parts.js';

export const TOOLS = {
  health: 'mechanic_get_system_health',
  agents: 'librarian_get_agent_manifest',
  wallet: 'chancellor_get_balance',
  proposals: 'chancellor_list_proposals',
  jobs: 'mechanic_list_jobs',
  projects: 'architect_list_projects',
  datasets: 'curator_list_available_datasets',
  ask: 'librarian_query_knowledge_base',
  solve: 'librarian_log_new_solution',
  submitData: 'curator_submit_dataset',
  submitJob: 'mechanic_orchestrate_training_job',
  startProject: 'architect_instantiate_template',
} as const;

export type Part = keyof typeof TOOLS;

export const useParts = (): ReadonlySet<Part> => usePartsIn(TOOLS);

/** The tool of a part, where this caller has it. */
export const toolOf = (parts: ReadonlySet<Part>, part: Part): string | undefined =>
  parts.has(part) ? TOOLS[part] : undefined;
