// The Curator's tools for routes: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { curatorParts, Handlers } from '@labmesh/contracts';
import { Routing } from './routing.js';

export const routeTools = handlersOf(
  [Routing],
  (routing): Handlers<typeof curatorParts.routes> => ({
    list_routes: (input) => routing.list(input),
    set_route: (input) => routing.set(input),
    route_data_to_agent: (input, call) => routing.give(input, call),
    settle_delivery: (input) => routing.settle(input),
  }),
);
