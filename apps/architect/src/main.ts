// Starts the Architect as a process of its own. It keeps nothing, so it opens no database.
import { runAgent } from '@labmesh/agent';
import { architect } from '@labmesh/contracts';
import { ArchitectModule } from './architect.module.js';

await runAgent(architect, ArchitectModule, { database: false });
