// Starts the Librarian as a process of its own. Nothing else belongs here.
import { runAgent } from '@labmesh/agent';
import { librarian } from '@labmesh/contracts';
import { LibrarianModule } from './librarian.module.js';

await runAgent(librarian, LibrarianModule);
