// Wires the Curator: its settings, its domain, its tools. Decides nothing.
import { agentModule } from '@labmesh/agent';
import { type Call, curator, expandUri, type ToolOutput } from '@labmesh/contracts';
import { Module } from '@nestjs/common';
import { CURATOR_CONFIG, type CuratorConfig, readCuratorConfig } from './config.js';
import { curatorBlobs } from './curator.blobs.js';
import { curatorPrompts } from './curator.prompts.js';
import { curatorResources } from './curator.resources.js';
import { curatorTools } from './curator.tools.js';
import { Arrivals } from './datasets/arrivals.js';
import { LAB } from './datasets/dataset.js';
import { DatasetRepository } from './datasets/dataset.repository.js';
import { DatasetCatalogue } from './datasets/dataset-catalogue.js';
import { DatasetChanges } from './datasets/dataset-changes.repository.js';
import { DatasetChecker } from './datasets/dataset-checker.js';
import { DatasetContents } from './datasets/dataset-contents.js';
import { DatasetFetcher } from './datasets/dataset-fetcher.js';
import { DatasetListing } from './datasets/dataset-listing.repository.js';
import { DatasetReader } from './datasets/dataset-reader.js';
import { DatasetTransforms } from './datasets/dataset-transforms.js';
import { DatasetWriter } from './datasets/dataset-writer.js';
import { LargeSubmissions } from './datasets/large-submissions.js';
import { OldContent } from './datasets/old-content.repository.js';
import { RowCache } from './datasets/row-cache.js';
import { Submissions } from './datasets/submissions.js';
import { DatasetAnalysis } from './engine/dataset-analysis.js';
import { DatasetComparison } from './engine/dataset-comparison.js';
import { DatasetPortions } from './engine/dataset-portions.js';
import { DatasetQueries } from './engine/dataset-queries.js';
import { DatasetTables } from './engine/dataset-tables.js';
import { ENGINE, engine } from './engine/engine.js';
import { FormatEngines } from './formats/format-engines.js';
import { DatasetProfiles } from './profile/dataset-profiles.js';
import { DeliveriesRepository } from './routes/deliveries.repository.js';
import { Router } from './routes/router.js';
import { RoutesRepository } from './routes/routes.repository.js';
import { Routing } from './routes/routing.js';
import { ShippedLoader } from './shipped/shipped-loader.js';
import { Pictures } from './sources/pictures.repository.js';
import { sourceProviders } from './sources/source-providers.js';
import { Claims } from './validations/claims.js';
import { Reporting } from './validations/reporting.js';
import { ValidationsRepository } from './validations/validations.repository.js';

type StoredDataset = ToolOutput<typeof curator.tools.submit_dataset>;

const uriOf = (id: string): string => expandUri(curator.resources.dataset.uri, { id });

/** What was there before has not changed; a new dataset, or another version of one, is news to who follows it or lists its owner's. */
const stored = ({ dataset, alreadyStored }: StoredDataset, { principal }: Call) =>
  alreadyStored ? undefined : { uris: [uriOf(dataset.datasetId)], listOf: principal.walletId };
/** Of a source: everybody's to read. */
const fetched = ({ dataset, changed }: { dataset: { datasetId: string }; changed: number }) =>
  changed === 0 ? undefined : { uris: [uriOf(dataset.datasetId)], listOf: null };
const withdrawn = ({ datasetId, owner }: { datasetId: string; owner: string }) => ({
  uris: [uriOf(datasetId)],
  listOf: owner === LAB ? null : owner,
});
/** Who may read its data may see it: whose list it is on, each reading decides. */
const validation = ({ validation: { validationId } }: { validation: { validationId: string } }) => ({
  uris: [expandUri(curator.resources.validation.uri, { id: validationId })],
  listOf: null,
});
/** Who has reported does not find it open any more; nobody does once it has ended. */
const reported = (
  { validation: about, alreadyReported }: ToolOutput<typeof curator.tools.report_validation>,
  { principal }: Call,
) =>
  alreadyReported
    ? undefined
    : { ...validation({ validation: about }), listOf: about.state === 'open' ? principal.walletId : null };

@Module(
  agentModule(curator, {
    providers: [
      { provide: CURATOR_CONFIG, useFactory: () => readCuratorConfig() },
      {
        provide: RowCache,
        inject: [CURATOR_CONFIG],
        useFactory: (config: CuratorConfig) => new RowCache(config.cacheBytesMax),
      },
      Arrivals,
      { provide: ENGINE, useValue: engine },
      DatasetRepository,
      DatasetListing,
      DatasetCatalogue,
      DatasetChanges,
      OldContent,
      DatasetReader,
      DatasetWriter,
      LargeSubmissions,
      Submissions,
      DatasetTables,
      DatasetPortions,
      DatasetFetcher,
      DatasetChecker,
      DatasetTransforms,
      DatasetContents,
      DatasetQueries,
      DatasetProfiles,
      DatasetComparison,
      DatasetAnalysis,
      ShippedLoader,
      RoutesRepository,
      DeliveriesRepository,
      Router,
      Routing,
      ValidationsRepository,
      Claims,
      Reporting,
      FormatEngines,
      ...sourceProviders,
    ],
    tools: curatorTools,
    resources: { inject: [DatasetReader, DatasetCatalogue, Claims], useFactory: curatorResources },
    blobs: { inject: [DatasetReader, Pictures], useFactory: curatorBlobs },
    changes: {
      submit_dataset: stored,
      update_dataset: stored,
      transform_data_format: stored,
      withdraw_dataset: withdrawn,
      save_query: stored,
      fetch_source: fetched,
      fetch_dataset: ({ dataset, range }) => fetched({ dataset, changed: range?.changed ?? 0 }),
      request_validation: (asked) => (asked.alreadyAsked ? undefined : validation(asked)),
      report_validation: reported,
      cancel_validation: validation,
    },
    outbox: true,
    prompts: { inject: [DatasetReader], useFactory: curatorPrompts },
  }),
)
export class CuratorModule {}
