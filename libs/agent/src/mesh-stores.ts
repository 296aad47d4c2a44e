// What all processes of the mesh find at the broker: their consumers of events, and the stores of their sessions and
// uploads. One process
// makes it for all, see ProcessOptions.keepsStores.
import { appsOf, type KeptStores } from '@labmesh/bus';
import { type AgentContract, eventsHeard } from '@labmesh/contracts';
import { eventLogOf, recordsOf, uploadLedger, uploadLocks } from '@labmesh/endpoint';

export const meshStores = (agents: readonly AgentContract[]): KeptStores => ({
  listeners: agents.flatMap((contract) =>
    eventsHeard(contract, agents).map((event) => ({ queue: contract.name, event })),
  ),
  keyValues: [...appsOf(agents).map(recordsOf), uploadLocks, uploadLedger],
  eventLogs: appsOf(agents).map(eventLogOf),
});
