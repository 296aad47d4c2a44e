// The routes of data, and what somebody who may does with one: the lab answers with the route as it is then.
import type { Failure } from '../../failure.js';
import { type Answer, useAnswer } from '../../mcp/use-answer.js';
import { useAsking } from '../../mcp/use-asking.js';
import { TOOLS } from '../views.js';
import type { Route, RouteMatch, Routes } from './route.js';

/** What the lab takes to change a route, or to make one. */
export interface RouteChange {
  readonly routeId?: string;
  readonly name?: string;
  readonly to?: string;
  readonly match?: RouteMatch;
  readonly enabled?: boolean;
  readonly replay?: 'failed' | 'all';
  readonly remove?: boolean;
}

interface Changed {
  readonly route: Route | null;
  readonly replayed: number;
}

export const useRoutes = (): Answer<Routes> => useAnswer<Routes>(TOOLS.routes, {});

export interface RouteSetter {
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  /** Undefined when the lab refused. */
  readonly set: (change: RouteChange) => Promise<Changed | undefined>;
}

export function useSetRoute(onChanged: () => void): RouteSetter {
  const { busy, failure, ask } = useAsking<Changed>();
  const set = async (change: RouteChange): Promise<Changed | undefined> => {
    const changed = await ask(TOOLS.route, { ...change });
    if (changed) onChanged();
    return changed;
  };
  return { busy, failure, set };
}
