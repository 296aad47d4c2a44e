// The tools that the Projects page calls, and which of its views a caller has.
import { type Named, viewsIn } from '../mcp/parts.js';

export const TOOLS = {
  templates: 'architect_list_available_templates',
  readme: 'architect_get_template_readme',
  start: 'architect_instantiate_template',
  list: 'architect_list_projects',
  project: 'architect_get_project',
  updates: 'architect_check_updates',
  update: 'architect_update_project',
  check: 'architect_validate_project_config',
  delete: 'architect_delete_project',
  summary: 'librarian_generate_documentation_summary',
  models: 'librarian_list_models',
} as const;

export type Part = keyof typeof TOOLS;

export const VIEWS = [
  { view: 'list', label: 'Projects', needs: 'list' },
  { view: 'templates', label: 'Templates', needs: 'templates' },
] as const satisfies ReadonlyArray<{ view: string; label: string; needs: Part }>;

export type View = (typeof VIEWS)[number];

export const viewsFor = (tools: Named): readonly View[] => viewsIn(VIEWS, TOOLS, tools);
