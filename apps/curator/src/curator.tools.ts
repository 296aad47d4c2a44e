// The Curator's tools: contract to domain, nothing else.
import { handlersOf, together } from '@labmesh/agent';
import type { curatorParts, Handlers } from '@labmesh/contracts';
import { DatasetCatalogue } from './datasets/dataset-catalogue.js';
import { DatasetContents } from './datasets/dataset-contents.js';
import { DatasetReader } from './datasets/dataset-reader.js';
import { DatasetWriter } from './datasets/dataset-writer.js';
import { analysisTools } from './engine/analysis.tools.js';
import { DatasetAnalysis } from './engine/dataset-analysis.js';
import { routeTools } from './routes/route.tools.js';
import { DatasetSlices } from './sources/dataset-slices.js';
import { sourceTools } from './sources/source.tools.js';
import { SourceFreshness } from './sources/source-freshness.js';
import { validationTools } from './validations/validation.tools.js';

export const catalogueTools = (
  catalogue: DatasetCatalogue,
): Handlers<Pick<typeof curatorParts.datasets, 'list_available_datasets'>> => ({
  list_available_datasets: (input, call) => catalogue.list(input, call),
});

export const readingTools = (
  { fetcher }: DatasetContents,
  slices: DatasetSlices,
): Handlers<Pick<typeof curatorParts.datasets, 'fetch_dataset'>> => ({
  fetch_dataset: async function* (input, call) {
    return fetcher.fetch(input, call, yield* slices.of(input, call));
  },
});

export const datasetTools = (
  reader: DatasetReader,
  writer: DatasetWriter,
  { checker, transforms }: DatasetContents,
): Handlers<Omit<typeof curatorParts.datasets, 'list_available_datasets' | 'fetch_dataset'>> => ({
  get_dataset: (input, call) => reader.card(input, call),
  submit_dataset: (input, call) => writer.submit(input, call),
  update_dataset: (input, call) => writer.update(input, call),
  withdraw_dataset: (input, call) => writer.withdraw(input, call),
  validate_data_schema: (input, call) => checker.check(input, call),
  transform_data_format: (input, call) => transforms.transform(input, call),
});

export const curatorTools = together(
  handlersOf(
    [DatasetCatalogue, DatasetReader, DatasetWriter, DatasetContents, SourceFreshness],
    (catalogue, reader, writer, contents, freshness) =>
      freshness.telling({ ...catalogueTools(catalogue), ...datasetTools(reader, writer, contents) }),
  ),
  handlersOf([DatasetContents, DatasetSlices], readingTools),
  handlersOf([DatasetAnalysis], analysisTools),
  sourceTools,
  routeTools,
  validationTools,
);
