// What of Data is there for a caller: a part is there when the lab lists the tool that it needs.
import type { ToolInfo } from '../mcp/connection.js';
import { type Named, partsIn } from '../mcp/parts.js';

export const TOOLS = {
  list: 'curator_list_available_datasets',
  get: 'curator_get_dataset',
  fetch: 'curator_fetch_dataset',
  submit: 'curator_submit_dataset',
  check: 'curator_validate_data_schema',
  convert: 'curator_transform_data_format',
  query: 'curator_query_dataset',
  keep: 'curator_save_query',
  update: 'curator_update_dataset',
  withdraw: 'curator_withdraw_dataset',
  profile: 'curator_profile_dataset',
  compare: 'curator_compare_datasets',
  source: 'curator_get_source',
  imagery: 'curator_get_imagery',
  routes: 'curator_list_routes',
  route: 'curator_set_route',
  validations: 'curator_list_validations',
  validation: 'curator_get_validation',
  claim: 'curator_request_validation',
  report: 'curator_report_validation',
  cancelClaim: 'curator_cancel_validation',
} as const;

export type Part = keyof typeof TOOLS;

/** In the place of a dataset's id: the form for a new one, the routes of data, and claims about results. */
export const NEW = 'new';
export const ROUTES = 'routes';
export const VALIDATIONS = 'validations';

export const VIEWS = [
  { view: 'about', label: 'About', needs: 'fetch' },
  { view: 'rows', label: 'Rows', needs: 'fetch' },
  { view: 'profile', label: 'Profile', needs: 'profile' },
  { view: 'sql', label: 'SQL', needs: 'query' },
  { view: 'check', label: 'Check', needs: 'check' },
  { view: 'versions', label: 'Versions', needs: 'get' },
  { view: 'pictures', label: 'Pictures', needs: 'imagery' },
] as const satisfies ReadonlyArray<{ view: string; label: string; needs: Part }>;

export type View = (typeof VIEWS)[number]['view'];

/** Which parts this caller has. */
export const partsFor = (tools: Named): ReadonlySet<Part> => partsIn(TOOLS, tools);

/** Data is worth a place in the navigation when its list can be read. */
export const hasData = (tools: Named): boolean => partsFor(tools).has('list');

/** @param pictures whether the dataset's source makes some: else that view would show nothing */
export const viewsOf = (parts: ReadonlySet<Part>, pictures: boolean) =>
  VIEWS.filter(({ view, needs }) => parts.has(needs) && (view !== 'pictures' || pictures));

/** Whether a tool takes an argument, as the lab lists it. */
export function takes(tools: readonly ToolInfo[], part: Part, argument: string): boolean {
  const properties = tools.find(({ name }) => name === TOOLS[part])?.inputSchema.properties;
  return typeof properties === 'object' && properties !== null && Object.hasOwn(properties, argument);
}
