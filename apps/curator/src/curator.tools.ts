// The Curator's tools: contract to domain, nothing else.
import type { curator, Handlers } from '@labmesh/contracts';
import type { DatasetChecker } from './datasets/dataset-checker.js';
import type { DatasetReader } from './datasets/dataset-reader.js';
import type { DatasetWriter } from './datasets/dataset-writer.js';

export const curatorTools = (
  reader: DatasetReader,
  writer: DatasetWriter,
  checker: DatasetChecker,
): Handlers<typeof curator.tools> => ({
  list_available_datasets: (input, call) => reader.list(input, call),
  fetch_dataset: (input, call) => reader.fetch(input, call),
  submit_dataset: (input, call) => writer.submit(input, call),
  validate_data_schema: (input, call) => checker.check(input, call),
  transform_data_format: (input, call) => writer.transform(input, call),
});
