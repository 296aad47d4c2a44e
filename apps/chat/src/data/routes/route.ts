// A route as the lab tells it: which data an agent is given, in words, and whether a dataset fits.
import type { Card } from '../dataset.js';
import { columnsOf } from '../rows/columns.js';

/** What is left out, or empty, fits everything. */
export interface RouteMatch {
  readonly topics?: readonly string[];
  readonly sources?: readonly string[];
  readonly columns?: readonly string[];
  readonly packets?: boolean;
}

export interface RouteFailure {
  readonly deliveryId: string;
  readonly datasetId: string | null;
  readonly version: number | null;
  readonly attempts: number;
  readonly error: string;
  readonly at: string;
}

export interface Route {
  readonly routeId: string;
  readonly name: string;
  /** The agent that is given what fits. */
  readonly to: string;
  readonly match: RouteMatch;
  readonly enabled: boolean;
  readonly delivered: number;
  readonly waiting: number;
  /** Given up, until somebody sends them again. */
  readonly failed: number;
  readonly lastDeliveredAt: string | null;
  readonly failures: readonly RouteFailure[];
}

export interface Routes {
  readonly routes: readonly Route[];
  /** Agents that accept data. */
  readonly agents: readonly string[];
}

/** As the lab decides it, for what it owns itself: other data goes nowhere. */
export function fits({ topics, sources, columns }: RouteMatch, { dataset, schema }: Card): boolean {
  if (dataset.owner !== 'lab') return false;
  if (topics?.length && !topics.some((topic) => dataset.topics.includes(topic))) return false;
  if (sources?.length && !sources.includes(dataset.origin)) return false;
  const has = new Set(columnsOf(schema, []).map(({ name }) => name));
  return columns?.every((column) => has.has(column)) ?? true;
}

/** "datasets of the lab about solar-flares or x-ray, from nasa-donki". */
export function matchText({ topics, sources, columns, packets }: RouteMatch): string {
  const parts = [
    topics?.length && `about ${topics.join(' or ')}`,
    sources?.length && `from ${sources.join(' or ')}`,
    columns?.length && `with the columns ${columns.join(', ')}`,
  ].filter((part) => typeof part === 'string');
  const which = parts.length === 0 ? 'all datasets of the lab' : `datasets of the lab ${parts.join(', ')}`;
  return packets ? `${which}, and packets that agents send` : which;
}

/** What somebody typed, with commas or blanks between. */
export const wordsIn = (text: string): readonly string[] => [
  ...new Set(text.split(/[\s,;]+/).filter((word) => word !== '')),
];
