// Runs the Sentinel as a process of its own.
import { runAgent } from '@labmesh/agent';
import { sentinel } from '@labmesh/contracts';
import { SentinelModule } from './sentinel.module.js';

await runAgent(sentinel, SentinelModule);
