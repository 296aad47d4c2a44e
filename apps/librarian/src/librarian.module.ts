// Wiring of the Librarian: contract and domain. No logic.
import { agentModule, handlersOf, takingData, together } from '@labmesh/agent';
import { AppError, curator, expandUri, type Listeners, librarian } from '@labmesh/contracts';
import { Module } from '@nestjs/common';
import { Knowledge } from './answers/knowledge.js';
import { Library } from './corpus/library.js';
import { cardOf } from './datasets/dataset-card.js';
import { DatasetCardsRepository } from './datasets/dataset-cards.repository.js';
import { librarianPrompts } from './librarian.prompts.js';
import { librarianResources } from './librarian.resources.js';
import { librarianTools } from './librarian.tools.js';
import { Manifest } from './manifest/manifest.js';
import { Logbook } from './solutions/logbook.js';
import { SolutionsRepository } from './solutions/solutions.repository.js';

const routed = takingData(librarian.name, [DatasetCardsRepository], (cards) => async ({ dataset, topics }) => {
  if (dataset === undefined)
    throw new AppError(
      'invalid_input',
      'The Librarian takes datasets, and no packets: leave packets out of the route.',
    );
  await cards.put(cardOf(dataset, topics));
});
const withdrawals = { dataset_withdrawn: curator.events.dataset_withdrawn };

@Module(
  agentModule(librarian, {
    providers: [SolutionsRepository, DatasetCardsRepository, Library, Knowledge, Logbook, Manifest],
    tools: { inject: [Knowledge, Logbook, Manifest], useFactory: librarianTools },
    resources: { inject: [Knowledge, Manifest], useFactory: librarianResources },
    changes: {
      log_new_solution: ({ file }) => ({ uris: [expandUri(librarian.resources.document.uri, { file })], listOf: null }),
    },
    prompts: { inject: [], useFactory: librarianPrompts },
    events: {
      ...together(
        routed,
        handlersOf(
          [DatasetCardsRepository],
          (cards): Listeners<typeof withdrawals> => ({
            dataset_withdrawn: ({ datasetId, version }) => cards.withdraw(datasetId, version),
          }),
        ),
      ),
      listens: { ...routed.listens, ...withdrawals },
    },
  }),
)
export class LibrarianModule {}
