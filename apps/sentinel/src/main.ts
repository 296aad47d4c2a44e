// Runs the Sentinel as a process of its own. Whoever may do what is its word, so it makes what the others need at the broker.
import { runAgent } from '@labmesh/agent';
import { sentinel } from '@labmesh/contracts';
import { SentinelModule } from './sentinel.module.js';

await runAgent(sentinel, SentinelModule, { keepsStores: true });
