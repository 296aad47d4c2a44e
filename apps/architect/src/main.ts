// Starts the Architect as a process of its own. Nothing else belongs here.
import { runAgent } from '@labmesh/agent';
import { architect } from '@labmesh/contracts';
import { ArchitectModule } from './architect.module.js';

await runAgent(architect, ArchitectModule);
