// What all processes of the mesh find at the broker: their consumers of events, and the stores of their sessions and
// uploads. One process
// makes it for all, see ProcessOptions.keepsStores.
import { type KeptStores, servingApps } from '@labmesh/bus';
import { type AgentContract, eventsHeard } from '@labmesh/contracts';
import { eventLogOf, recordsOf, uploadLedger, uploadLocks } from '@labmesh/endpoint';

export const meshStores = (agents: readonly AgentContract[]): KeptStores => ({
  listeners: agents.flatMap((contract) =>
    eventsHeard(contract, agents).map((event) => ({ queue: contract.name, event })),
  ),
  keyValues: [...servingApps(agents).map(recordsOf), uploadLocks, uploadLedger],
  eventLogs: servingApps(agents).map(eventLogOf),
});
