// Runs the Curator as a process of its own.
import { runAgent } from '@labmesh/agent';
import { curator } from '@labmesh/contracts';
import { CuratorModule } from './curator.module.js';

await runAgent(curator, CuratorModule);
