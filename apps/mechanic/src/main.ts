// Starts the Mechanic as a process of its own. Nothing else belongs here.
import { runAgent } from '@labmesh/agent';
import { mechanic } from '@labmesh/contracts';
import { MechanicModule } from './mechanic.module.js';

await runAgent(mechanic, MechanicModule);
