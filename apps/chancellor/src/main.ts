// Starts the Chancellor as a process of its own. Nothing else belongs here.
import { runAgent } from '@labmesh/agent';
import { chancellor } from '@labmesh/contracts';
import { ChancellorModule } from './chancellor.module.js';

await runAgent(chancellor, ChancellorModule);
