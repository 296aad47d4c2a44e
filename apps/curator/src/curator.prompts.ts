// The Curator's prompts: words only, about tools that exist. No data is read here.
import { asUser, curator, expandUri, type PromptHandlers, toolOf } from '@labmesh/contracts';
import type { DatasetReader } from './datasets/dataset-reader.js';

const fetch = toolOf(curator, 'fetch_dataset');
const validate = toolOf(curator, 'validate_data_schema');
const submit = toolOf(curator, 'submit_dataset');

export const curatorPrompts = (reader: DatasetReader): PromptHandlers<typeof curator.prompts> => ({
  explore_dataset: {
    get: ({ datasetId }) =>
      asUser(
        `Explore the dataset ${datasetId} with me.

1. Call ${fetch} with datasetId "${datasetId}" and limit 20. Read the schema and the provenance before the rows.
2. Say in a table what each column holds, its type, and whether it may be missing or null.
3. Call ${validate} with the datasetId and report what does not fit the dataset’s own schema.
4. Read further pages with offset if 20 rows do not show enough; say how many of all rows you looked at.
5. Name three questions that this data could answer and one that it could not, each with its reason.

State where the data came from and its license. Do not guess what a column means: say so when nothing tells.`,
        { uri: expandUri(curator.resources.dataset.uri, { id: datasetId }), name: datasetId },
      ),
    complete: (_argument, value, call) => reader.idsFrom(value, call),
  },
  prepare_submission: ({ format }) =>
    asUser(`Help me submit ${format} data to the lab.

1. Ask me for the data, its source and its license, if I have not given them. ${HINTS[format]}
2. Propose a JSON Schema (2020-12) of one row: types, required columns, ranges that are certain. Let me confirm it.
3. Call ${validate} with the rows (at most 5000) and the schema. Show me each error with its row, and do not change data without asking.
4. When it is valid and I agree, call ${submit} with format "${format}", a name, a description, the schema, license and source.
5. Tell me the datasetId, the number of rows and the SHA-256 that came back.

A stored version never changes: a correction is its next version, the earlier ones stay; search_tools finds the tool for it.`),
});

const HINTS = {
  json: 'JSON is a list of objects, or one object per line.',
  ndjson: 'NDJSON is one object per line.',
  tsv: 'TSV is CSV with tabs: a header line, and texts in double quotes where they hold a tab or a line break.',
  arrow: 'Arrow IPC is bytes: give it as base64 with encoding "base64", or as an address on the allow-list.',
  prometheus: 'Prometheus’ text format: the answer of a /metrics page; each sample becomes a row.',
  openmetrics: 'OpenMetrics 1.0 is read strictly, and ends with "# EOF"; each sample becomes a row.',
  csv: 'CSV has a header line; a number with a leading zero, such as 007, stays text.',
  parquet: 'Parquet is bytes: give it as base64 with encoding "base64", or as an address on the allow-list.',
  yaml: 'YAML is one document, a list of mappings; no tags and no merge keys.',
} as const;
