// Wiring of the Librarian: contract and domain. No logic.
import { agentModule, handlersOf, takingData, together } from '@labmesh/agent';
import { AppError, curator, expandUri, type Listeners, librarian } from '@labmesh/contracts';
import { LOGGER, type Logger } from '@labmesh/runtime';
import { Module } from '@nestjs/common';
import { Knowledge } from './answers/knowledge.js';
import { Spelling } from './answers/spelling/spelling.js';
import { assistantProviders } from './assistant/assistant-providers.js';
import { CodeAnswers } from './code/code-answers.js';
import { CodeShelf } from './code/code-shelf.js';
import { LIBRARIAN_CONFIG, readLibrarianConfig } from './config.js';
import { conversationProviders } from './conversations/conversation-providers.js';
import { Library } from './corpus/library.js';
import { cardOf } from './datasets/dataset-card.js';
import { DatasetCardsRepository } from './datasets/dataset-cards.repository.js';
import { errorEvents, errorListens } from './errors/error.tools.js';
import { ErrorAnalysis } from './errors/error-analysis.js';
import { ErrorList } from './errors/error-list.js';
import { FailedJobs } from './errors/failed-jobs.js';
import { KnownSolutions } from './errors/known-solutions.js';
import { LabErrors } from './errors/lab-errors.js';
import { SightingsRepository } from './errors/sightings.repository.js';
import { librarianPrompts } from './librarian.prompts.js';
import { librarianResources } from './librarian.resources.js';
import { librarianTools } from './librarian.tools.js';
import { FoundTools } from './manifest/found-tools.js';
import { Manifest } from './manifest/manifest.js';
import { Embedding } from './meaning/embedding.js';
import { Encoders } from './meaning/encoders.js';
import { Meanings } from './meaning/meaning.js';
import { SearchModels } from './meaning/search-models.js';
import { SearchModelsRepository } from './meaning/search-models.repository.js';
import { VectorsRepository } from './meaning/vectors.repository.js';
import { BelongingsRepository } from './projects/belongings.repository.js';
import { OwnProjects } from './projects/own-projects.js';
import { ProjectKnowledge } from './projects/project-knowledge.js';
import { Logbook } from './solutions/logbook.js';
import { LookAlikes } from './solutions/look-alikes.js';
import { SolutionList } from './solutions/solution-list.js';
import { SolutionsRepository } from './solutions/solutions.repository.js';
import { Standing } from './solutions/standing.js';
import { StandingRepository } from './solutions/standing.repository.js';
import { CollectionsRepository } from './sources/collections.repository.js';
import { Extraction } from './sources/extraction/extraction.js';
import { Offering } from './sources/files/offering.js';
import { Ingestion } from './sources/ingestion.js';
import { Taker } from './sources/taking.js';
import { WatchedRepository } from './sources/watched.repository.js';
import { Watching } from './sources/watching.js';
import { Summaries } from './summaries/summaries.js';

const routed = takingData(librarian.name, [DatasetCardsRepository], (cards) => async ({ dataset, topics }) => {
  if (dataset === undefined)
    throw new AppError(
      'invalid_input',
      'The Librarian takes datasets, and no packets: leave packets out of the route.',
    );
  await cards.put(cardOf(dataset, topics));
});
const withdrawals = { dataset_withdrawn: curator.events.dataset_withdrawn };

const uriOf = (file: string): string => expandUri(librarian.resources.document.uri, { file });

@Module(
  agentModule(librarian, {
    providers: [
      { provide: LIBRARIAN_CONFIG, useFactory: () => readLibrarianConfig() },
      { provide: Extraction, useFactory: () => new Extraction() },
      SolutionsRepository,
      DatasetCardsRepository,
      CollectionsRepository,
      WatchedRepository,
      Offering,
      Taker,
      Library,
      CodeShelf,
      CodeAnswers,
      OwnProjects,
      BelongingsRepository,
      ProjectKnowledge,
      { provide: Spelling, inject: [LOGGER], useFactory: (log: Logger) => new Spelling(log) },
      Knowledge,
      Logbook,
      Ingestion,
      Watching,
      StandingRepository,
      LookAlikes,
      SolutionList,
      Standing,
      SightingsRepository,
      KnownSolutions,
      ErrorAnalysis,
      FailedJobs,
      LabErrors,
      ErrorList,
      Manifest,
      FoundTools,
      Summaries,
      ...conversationProviders,
      ...assistantProviders,
      SearchModelsRepository,
      VectorsRepository,
      Encoders,
      Meanings,
      Embedding,
      SearchModels,
    ],
    tools: librarianTools,
    resources: { inject: [Knowledge, Manifest], useFactory: librarianResources },
    changes: {
      log_new_solution: ({ file, alreadyLogged }) =>
        alreadyLogged ? undefined : { uris: [uriOf(file)], listOf: null },
      vote_solution: ({ file }) => ({ uris: [uriOf(file)] }),
      accept_solution: ({ file, alreadyAccepted }) => (alreadyAccepted ? undefined : { uris: [uriOf(file)] }),
    },
    prompts: { inject: [], useFactory: librarianPrompts },
    outbox: true,
    events: {
      ...together(
        routed,
        handlersOf(
          [DatasetCardsRepository],
          (cards): Listeners<typeof withdrawals> => ({
            dataset_withdrawn: ({ datasetId, version }) => cards.withdraw(datasetId, version),
          }),
        ),
        errorEvents,
      ),
      listens: { ...routed.listens, ...withdrawals, ...errorListens },
    },
  }),
)
export class LibrarianModule {}
