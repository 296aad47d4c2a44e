// Wiring of the Librarian: contract and domain. No logic.
import { agentModule } from '@labmesh/agent';
import { expandUri, librarian } from '@labmesh/contracts';
import { Module } from '@nestjs/common';
import { Knowledge } from './answers/knowledge.js';
import { Library } from './corpus/library.js';
import { librarianPrompts } from './librarian.prompts.js';
import { librarianResources } from './librarian.resources.js';
import { librarianTools } from './librarian.tools.js';
import { Manifest } from './manifest/manifest.js';
import { Logbook } from './solutions/logbook.js';
import { SolutionsRepository } from './solutions/solutions.repository.js';

@Module(
  agentModule(librarian, {
    providers: [SolutionsRepository, Library, Knowledge, Logbook, Manifest],
    tools: { inject: [Knowledge, Logbook, Manifest], useFactory: librarianTools },
    resources: { inject: [Knowledge, Manifest], useFactory: librarianResources },
    changes: {
      log_new_solution: ({ file }) => ({ uris: [expandUri(librarian.resources.document.uri, { file })], listOf: null }),
    },
    prompts: { inject: [], useFactory: librarianPrompts },
  }),
)
export class LibrarianModule {}
