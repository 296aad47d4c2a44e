// A route as the domain sees it, and which data fits one. No database, no bus.
import { AGENTS, type curator, type Routed, type ToolInput } from '@labmesh/contracts';

export type RouteMatch = NonNullable<ToolInput<(typeof curator.tools)['set_route']>['match']>;

export interface Route {
  readonly id: string;
  readonly name: string;
  /** The agent that is given what fits. */
  readonly to: string;
  readonly match: RouteMatch;
  readonly enabled: boolean;
}

/** Agents that say in their contract that they hear of routed data. */
export const ACCEPTING: readonly string[] = AGENTS.filter(({ hears }) => hears.curator?.includes('data_routed')).map(
  ({ name }) => name,
);

/** A part of a match that is left out, or empty, fits everything. */
export function fits({ topics, sources, columns, packets }: RouteMatch, data: Routed): boolean {
  if (data.dataset === undefined && !packets) return false;
  if (topics?.length && !topics.some((topic) => data.topics.includes(topic))) return false;
  if (sources?.length && !sources.includes(data.source)) return false;
  const has = new Set(data.dataset?.columns.map(({ name }) => name) ?? Object.keys(data.packet ?? {}));
  return columns?.every((column) => has.has(column)) ?? true;
}
