// The Mechanic's tools for machines and prices: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, mechanicParts } from '@labmesh/contracts';
import { Nodes } from './nodes.js';
import { JobPrices } from './prices.js';

export const nodeTools = handlersOf(
  [Nodes, JobPrices],
  (nodes, prices): Handlers<typeof mechanicParts.nodes> => ({
    list_nodes: () => nodes.list(),
    drain_node: (input) => nodes.drain(input),
    set_prices: (input, call) => prices.set(input, call),
  }),
);
