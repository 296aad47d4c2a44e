// Wiring of the Mechanic: contract, checks, machine, jobs and nodes. No logic.
import { agentModule, handlersOf } from '@labmesh/agent';
import { type Listeners, mechanic } from '@labmesh/contracts';
import { Module } from '@nestjs/common';
import { JobList } from './jobs/job-list.js';
import { JobListener } from './jobs/job-listener.js';
import { jobProviders } from './jobs/jobs.module.js';
import { JobBlobs } from './logs/job-blobs.js';
import { jobResourceHandlers, NODES_CHANGED, newJobOf } from './logs/job-resources.js';
import { logProviders } from './logs/log-providers.js';
import { LogStream } from './logs/log-stream.js';
import { mechanicBlobs } from './mechanic.blobs.js';
import { mechanicPrompts } from './mechanic.prompts.js';
import { mechanicTools } from './mechanic.tools.js';
import { WrittenFiles } from './monitoring/written-files.repository.js';
import { Nodes } from './nodes/nodes.js';
import { JobPrices, priceListens } from './nodes/prices.js';
import { operationProviders } from './operations/operation-providers.js';
import { RecoveryWatch } from './recovery/recovery-watch.js';

const parts = agentModule(mechanic, {
  providers: [...operationProviders, ...jobProviders, ...logProviders],
  tools: mechanicTools,
  blobs: { inject: [JobBlobs, WrittenFiles], useFactory: mechanicBlobs },
  resources: { inject: [LogStream, JobList, Nodes], useFactory: jobResourceHandlers },
  changes: {
    orchestrate_training_job: newJobOf,
    retry_job: newJobOf,
    drain_node: () => NODES_CHANGED,
    set_prices: () => NODES_CHANGED,
  },
  prompts: { inject: [], useFactory: mechanicPrompts },
  outbox: true,
  events: {
    ...handlersOf(
      [JobPrices],
      (prices): Listeners<typeof priceListens> => ({ parameters_set: (set) => prices.told(set) }),
    ),
    listens: priceListens,
  },
});

@Module({ ...parts, controllers: [...(parts.controllers ?? []), JobListener, RecoveryWatch] })
export class MechanicModule {}
