// The Curator's tools for looking into datasets: SQL, profiles, schemas, differences. Part of the contract in curator.ts.
import { z } from 'zod';
import { ToolContent } from './content.js';
import { ColumnChange, Format, LARGE_MS, StoredDataset, VersionNumber } from './dataset-values.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { DatasetId, words } from './values.js';

/** Most datasets that one query reads. */
export const QUERY_TABLES_MAX = 16;

const Sql = holds('code', z.string().min(1).max(20_000));
const TableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'a table’s name is letters, digits and _, such as flares');
const Parameter = holds('data', z.union([z.null(), z.boolean(), z.number(), z.string()]));
const Parameters = holds('data', z.union([z.array(Parameter).max(200), z.record(z.string(), Parameter)]));
/** What SQL reads. */
const Tables = {
  data: DatasetId.optional().describe('One dataset, as the table data'),
  datasets: z.record(TableName, DatasetId).optional().describe('Several: {table name: dataset id}'),
  versions: z.record(z.string(), z.int().min(1).max(1e6)).optional().describe('{table: version}'),
};

export const AnswerColumn = z.object({
  name: z.string(),
  type: z.string().describe('DuckDB type'),
  as: z
    .enum(['number', 'boolean', 'text', 'json', 'base64'])
    .describe('Form of the values; text also for numbers of which one would be rounded'),
});
const Value = holds('data', z.unknown());

const Schema = holds('data', z.record(z.string(), z.unknown()).describe('JSON Schema (2020-12) of one row'));
const SentRow = holds('data', z.record(z.string(), z.unknown()));

const Query = z.object({
  sql: Sql,
  ...Tables,
  parameters: Parameters.optional().describe('Values of ? and $1 (a list), or of $name (an object)'),
  timeoutMs: z.number().int().min(100).max(60_000).default(10_000),
});

export const analysisTools = {
  profile_dataset: defineTool({
    title: 'Profile a dataset',
    description:
      'Each column: type, nulls, missing, different values, least and most, quantiles, histogram, most frequent values; doubles of rows. As data and as a picture.',
    keywords: [
      'summary statistics',
      'distribution of a column',
      'describe the data',
      'outliers',
      'duplicates',
      'what does the data look like',
      'missing or empty values, blanks, gaps',
      'min, max, mean, histogram',
      'get to know a table',
      'strange values',
      'data quality overview',
      'what values does a column have',
      'is a column normally distributed',
      'range, spread, percentiles',
      'any gaps in the data',
      'correlations',
    ],
    effect: 'read',
    everyday: true,
    about: ['datasetId'],
    permission: 'dataset:read',
    input: z.object({
      datasetId: DatasetId,
      version: VersionNumber.optional(),
      columns: holds('data', z.array(z.string()).max(200)).optional().describe('Only these'),
      picture: z.boolean().default(true).describe('With an SVG'),
    }),
    output: ToolContent,
    errors: ['not_found', 'too_large', 'quota_exceeded', 'unsupported_format'],
    timeoutMs: LARGE_MS,
  }),
  save_query: defineTool({
    title: 'Keep the answer of SQL as a dataset',
    description:
      'Runs SQL as query_dataset does and stores all its rows as a new dataset of yours, with the SQL and the datasets in its provenance.',
    keywords: [
      'derive a table',
      'store the result of a query',
      'materialize',
      'keep a result for later',
      'new table out of a query',
      'save as a dataset',
      'view',
      'make a dataset from a query',
      'subset of a table as a new one',
    ],
    effect: 'write',
    about: ['data'],
    permission: 'dataset:write',
    input: Query.extend({
      name: words(120),
      description: z.string().max(2_000).default(''),
      format: Format.default('parquet'),
    }),
    output: StoredDataset,
    errors: ['not_found', 'too_large', 'quota_exceeded', 'unsupported_format'],
    timeoutMs: 90_000,
  }),
  infer_schema: defineTool({
    title: 'Infer the schema of rows',
    description:
      'The JSON Schema that rows of a dataset, or rows you give, fit: types, null, and which columns every row has.',
    keywords: [
      'types of the columns',
      'which columns does it have',
      'make a json schema',
      'what kind of columns',
      'guess the schema',
      'structure of my data',
      'data types',
    ],
    effect: 'read',
    about: ['datasetId'],
    permission: 'dataset:read',
    input: z.object({
      datasetId: DatasetId.optional(),
      version: VersionNumber.optional(),
      rows: z.array(SentRow).max(5_000).optional(),
    }),
    output: z.object({ schema: Schema, rows: z.number().int().describe('Rows that were seen') }),
    errors: ['not_found', 'too_large'],
    timeoutMs: LARGE_MS,
  }),
  compare_datasets: defineTool({
    title: 'Compare the columns of two datasets or versions',
    description:
      'How a dataset differs from an earlier one, or a version from another: columns added, removed or of another type, gaps that came or went, ranges that changed.',
    keywords: [
      'drift',
      'what has changed',
      'difference between two tables',
      'how do two files differ',
      'what changed since the last version',
      'old and new version side by side',
      'diff',
      'did anything change between two versions',
      'how is one year different from another',
      'same or different data',
    ],
    effect: 'read',
    about: ['before', 'after'],
    permission: 'dataset:read',
    input: z.object({
      before: DatasetId,
      beforeVersion: VersionNumber.optional(),
      after: DatasetId.optional().describe('Left out: the same dataset, for two of its versions'),
      afterVersion: VersionNumber.optional(),
    }),
    output: z.object({
      same: z.boolean().describe('The very same bytes'),
      rowsBefore: z.number().int(),
      rowsAfter: z.number().int(),
      changes: z.array(ColumnChange),
    }),
    errors: ['not_found', 'too_large'],
    timeoutMs: LARGE_MS,
  }),
  query_dataset: defineTool({
    title: 'Ask datasets with SQL',
    description:
      'One SELECT (DuckDB’s SQL; also WITH, VALUES, DESCRIBE, EXPLAIN) over one or several datasets; DESCRIBE data lists the columns; iso_time(x) reads times. It reads no file and no network. Values are exact.',
    keywords: [
      'join two tables',
      'group by',
      'count and average of a column',
      'filter rows',
      'statistics',
      'how many rows, entries per month',
      'mean, sum, maximum per station',
      'where a value is over or under',
      'sort and pick rows',
      'calculate from a table',
      'analyse data',
      'find rows',
      'which month had the most',
      'the highest or lowest value',
      'sum or total by year',
      'look something up in a table',
      'top ten',
      'statistics by group',
    ],
    effect: 'read',
    everyday: true,
    about: ['data'],
    permission: 'dataset:read',
    input: Query.extend({
      limit: z.number().int().min(1).max(5_000).default(100).describe('Most rows'),
      cursor: holds('identifier', z.string().max(200)).optional().describe('nextCursor of the page before'),
    }),
    output: z.object({
      columns: z.array(AnswerColumn),
      rows: z.array(z.array(Value)).describe('Values in the order of columns'),
      nextCursor: z.string().optional().describe('Present when more rows follow'),
      truncated: z
        .boolean()
        .optional()
        .describe('More rows follow, and cannot be paged: the SQL asks for chance or the time. Raise limit'),
    }),
    errors: ['not_found', 'too_large', 'quota_exceeded', 'unsupported_format'],
    timeoutMs: 90_000,
  }),
};
