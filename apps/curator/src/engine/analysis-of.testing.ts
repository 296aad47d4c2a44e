// What looks into datasets, as the module wires it: for specs.
import type { DatasetReader } from '../datasets/dataset-reader.js';
import type { DatasetWriter } from '../datasets/dataset-writer.js';
import { DatasetProfiles } from '../profile/dataset-profiles.js';
import { DatasetAnalysis } from './dataset-analysis.js';
import { DatasetComparison } from './dataset-comparison.js';
import { DatasetPortions } from './dataset-portions.js';
import { DatasetQueries } from './dataset-queries.js';
import { DatasetTables } from './dataset-tables.js';
import { engine } from './engine.js';

export function analysisOf(reader: DatasetReader, writer: DatasetWriter): DatasetAnalysis {
  const tables = new DatasetTables(reader, engine);
  return new DatasetAnalysis(
    new DatasetQueries(reader, writer, tables, engine),
    new DatasetProfiles(reader, tables, engine),
    new DatasetComparison(reader, new DatasetPortions(reader, tables, engine)),
  );
}
