// What Nest makes for the sources. Decides nothing.
import { RecordedLoader } from '../recorded/recorded-loader.js';
import { DatasetSlices } from './dataset-slices.js';
import { DatasetStore } from './dataset-store.js';
import { ImageFetcher } from './image-fetcher.js';
import { Pictures } from './pictures.repository.js';
import { RefreshSchedule } from './refresh-schedule.js';
import { SourceCatalog } from './source-catalog.js';
import { SourceDirectory } from './source-directory.js';
import { SourceFetcher } from './source-fetcher.js';
import { SourceFreshness } from './source-freshness.js';
import { SourceKeys } from './source-keys.js';
import { SourceKinds } from './source-kinds.js';
import { SourceRateRepository } from './source-rate.repository.js';
import { SourceStateRepository } from './source-state.repository.js';
import { SourceTester } from './source-tester.js';
import { SourcesRepository } from './sources.repository.js';

export const sourceProviders = [
  SourcesRepository,
  SourceStateRepository,
  SourceRateRepository,
  SourceCatalog,
  SourceKeys,
  SourceKinds,
  SourceDirectory,
  SourceTester,
  SourceFetcher,
  SourceFreshness,
  ImageFetcher,
  Pictures,
  DatasetSlices,
  DatasetStore,
  RefreshSchedule,
  RecordedLoader,
];
