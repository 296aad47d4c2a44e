// The Curator's tools for datasets: finding, reading, adding, checking, converting. Part of the contract in curator.ts.
import { z } from 'zod';
import { blobLink } from './blob-links.js';
import { DATA_FORMATS } from './data-formats.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { DatasetId, Timestamp } from './values.js';

/** Time for what works on all rows of a dataset of any size. */
export const LARGE_MS = 15 * 60_000;
/** Largest dataset content accepted or answered inline, and of formats that are read whole, bytes. */
export const DATASET_BYTES_MAX = 3 * 1024 * 1024;

export const Format = z.enum(DATA_FORMATS);
export const RowSchema = holds('data', z.record(z.string(), z.unknown()).describe('JSON Schema (2020-12) of one row'));
/** Looked at, not copied: a page has thousands. */
export const Row = holds(
  'data',
  z.unknown().refine(isPlainObject, 'must be an object').meta({ type: 'object' }),
) as z.ZodType<Record<string, unknown>>;
/** An object as JSON knows it: no list, Date or Map. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** As it was sent: a record would lose a member named `__proto__`. */
const RowToCheck = holds(
  'data',
  z
    .unknown()
    .refine((row) => typeof row === 'object' && row !== null && !Array.isArray(row), 'must be an object')
    .meta({ type: 'object' }),
);
const Provenance = z.object({
  source: z.string().describe('Where the data came from'),
  license: z.string().nullable(),
  obtainedAt: Timestamp,
  derivedFrom: DatasetId.nullable(),
  note: z.string().nullable(),
});
/** Of a dataset's versions, counted from 1. */
export const VersionNumber = z.int().min(1).describe('Left out: the last version');
export const Sha256 = holds(
  'identifier',
  z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 hexadecimal digits in small letters'),
);
const Topic = holds(
  'identifier',
  z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a topic is small letters, digits and dashes, such as solar-flares'),
);
export const Topics = z.array(Topic).max(20).describe('What it is about, such as solar-flares');

/** How fresh a dataset of a source is. Stale: the last fetch failed, or is older than its source says it may be. */
export const Freshness = z.object({
  status: z.enum(['fresh', 'stale', 'gone', 'fetching', 'never']),
  fetchedAt: Timestamp.nullable(),
  refreshAt: Timestamp.nullable().describe('When it is fetched again by itself'),
  message: z.string().nullable().describe('What stood in the way of the last fetch, and what to do'),
});

export const DatasetSummary = z.object({
  datasetId: DatasetId,
  name: z.string(),
  description: z.string(),
  format: Format,
  rows: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().describe('SHA-256 of the stored bytes, hex'),
  owner: z.string().describe('Wallet that submitted it, or "lab" for one shipped with the lab'),
  version: z.int().positive(),
  topics: Topics,
  origin: z.string().describe('"lab", "submission", "transformed", or the connected source it comes from'),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  provenance: Provenance,
  freshness: Freshness.optional().describe('Of datasets that come from a source'),
});

/** A place in a stream's range, and values of its parameters. */
export const Place = holds('identifier', z.string().min(1).max(40));
export const Given = holds('data', z.record(z.string().max(40), z.unknown()));

const AnsweredRange = z.object({
  complete: z.boolean().describe('False: the rows that the lab has; who may add datasets (dataset:write) is given all'),
  changed: z.int().describe('Rows that were fetched for this call and are new, changed or gone'),
  fetchedAt: Timestamp.nullable(),
});

/** Where the data comes from, and what is said of it: the same for a new dataset and a new version. */
export const Submission = {
  format: Format,
  content: holds('data', z.string()).optional().describe('Text or base64'),
  encoding: z.enum(['utf8', 'base64']).default('utf8'),
  uploadId: holds('identifier', z.string().max(100)).optional().describe('A finished upload'),
  url: z.url().optional().describe('From a host of the allow-list'),
  sha256: Sha256.optional().describe('Refused when it is another'),
  schema: RowSchema.optional(),
  license: holds('identifier', z.string().max(120)).optional().describe('SPDX id, such as CC0-1.0'),
  source: z.string().max(500).optional(),
  topics: Topics.optional(),
};

export const StoredDataset = z.object({
  dataset: DatasetSummary,
  schema: RowSchema.nullable().describe('Yours, or the one inferred from the rows'),
  alreadyStored: z.boolean().describe('True when the same was there before: nothing was stored'),
});

/** What to do with rows of a new version that are otherwise than the schema before. */
export const DRIFT_POLICIES = ['evolve', 'freeze', 'discard'] as const;
/** How a column differs from what it was before. */
export const ColumnChange = z.object({
  column: z.string(),
  kind: z.enum(['added', 'removed', 'retyped', 'gaps', 'range']),
  before: z.string().nullable(),
  after: z.string().nullable(),
  widens: z.boolean().describe('Rows as before still fit'),
});
export const Drift = z.object({
  changes: z.array(ColumnChange),
  discarded: z.object({ columns: z.array(z.string()), rows: z.int().nonnegative() }).describe('What was left out'),
});

/** What a format could not hold. */
export const Loss = z.object({
  column: z.string(),
  what: z.string().describe('What became of it'),
  rows: z.number().int().nonnegative().describe('Rows that it happened to'),
});

const Facet = z.array(z.object({ value: z.string(), count: z.int() }));
/** Of each the 50 values that most have. */
const Facets = z.object({
  owner: Facet,
  format: Facet,
  topic: Facet,
  origin: Facet,
  license: Facet,
  updatedWithin: Facet,
});

/** A rule beside the schema. */
const Rule = z.union([
  z.object({ name: z.string().min(1).max(100), notNull: z.string() }),
  z.object({ name: z.string().min(1).max(100), unique: z.array(z.string()).min(1).max(20) }),
  z.object({
    name: z.string().min(1).max(100),
    sql: holds('code', z.string().min(1).max(2_000)).describe('Holds for every row, such as speed > 0'),
  }),
]);

export const datasetTools = {
  list_available_datasets: defineTool({
    title: 'List datasets',
    description: 'Datasets you may read, newest first: those of the lab and your own, found by words and facets.',
    keywords: ['data catalog', 'browse data', 'what data we have', 'which files and tables are there'],
    effect: 'read',
    everyday: true,
    permission: 'dataset:read',
    input: z.object({
      query: z.string().max(200).optional().describe('Words that the name or description has, or their beginnings'),
      owner: z.enum(['lab', 'mine']).optional(),
      format: Format.optional(),
      topic: Topic.optional(),
      origin: holds('identifier', z.string().max(120))
        .optional()
        .describe('"lab", "submission", "transformed", or a source'),
      license: holds('identifier', z.string().max(120)).optional(),
      updatedWithin: z.enum(['day', 'week', 'month', 'year']).optional(),
      facets: z.boolean().default(false).describe('Count what fits by each of these, too'),
      limit: z.number().int().min(1).max(200).default(50),
      cursor: holds('identifier', z.string().max(200)).optional(),
    }),
    output: z.object({
      datasets: z.array(DatasetSummary),
      nextCursor: z.string().optional(),
      facets: Facets.optional(),
    }),
    errors: [],
    timeoutMs: 5_000,
  }),
  fetch_dataset: defineTool({
    title: 'Read a dataset',
    description:
      'Rows of a dataset, page by page (as: "rows"), or its stored bytes as they are (as: "content"; a link to them when they are large), with its schema and provenance. Of a dataset of a source also rows of a range: what is not there yet is fetched.',
    keywords: ['download data', 'show the rows of a table', 'get a file', 'newer months of a dataset'],
    effect: 'read',
    everyday: true,
    about: ['datasetId'],
    permission: 'dataset:read',
    input: z.object({
      datasetId: DatasetId,
      version: VersionNumber.optional(),
      as: z.enum(['rows', 'content']).default('rows'),
      inline: z.boolean().default(false).describe('Content over 256 KiB in the answer too, up to 3 MiB'),
      offset: z.number().int().min(0).default(0).describe('First row, counted from 0'),
      limit: z.number().int().min(1).max(5_000).default(1_000).describe('Most rows'),
      columns: holds('identifier', z.array(z.string().max(200)).min(1).max(200))
        .optional()
        .describe('Only these'),
      from: Place.optional().describe('Where the range begins: a date, time or number, as its source has it'),
      to: Place.optional().describe('Left out: now'),
      parameters: Given.optional().describe('Of its source: the dataset with these'),
    }),
    progress: z.object({ progress: z.number(), total: z.number().optional(), message: z.string() }),
    output: z.object({
      dataset: DatasetSummary,
      schema: RowSchema.nullable(),
      range: AnsweredRange.optional().describe('When from, to or parameters are given'),
      rows: z.array(Row).optional(),
      nextOffset: z.number().int().optional().describe('Present when more rows follow'),
      content: z.object({ encoding: z.enum(['utf8', 'base64']), data: z.string() }).optional(),
      link: blobLink('Where the content is, instead of content').optional(),
    }),
    errors: ['not_found', 'too_large', 'upstream_failed', 'conflict'],
    timeoutMs: 300_000,
  }),
  submit_dataset: defineTool({
    title: 'Submit a dataset',
    brief: ['topics', 'sha256'],
    description:
      'Stores data of yours: inline, from a finished upload, or from an address on the lab’s allow-list. It is parsed, and checked against the schema when you give one; what does not fit is refused with the rows and reasons. The same data under the same name is stored once.',
    keywords: ['upload data', 'import a file', 'share measurements', 'add my own table'],
    effect: 'write',
    everyday: true,
    permission: 'dataset:write',
    input: z.object({
      name: z.string().min(1).max(120),
      description: z.string().max(2_000).default(''),
      ...Submission,
    }),
    output: StoredDataset,
    errors: ['not_found', 'too_large', 'quota_exceeded', 'unsupported_format', 'upstream_failed'],
    timeoutMs: LARGE_MS,
  }),
  validate_data_schema: defineTool({
    title: 'Check data against a schema',
    description:
      'Checks every row of a dataset, or rows you give inline, against its own JSON Schema, one you give, or the one inferred from another dataset (like), and against rules in SQL. Everything is counted; samples are shown.',
    keywords: ['mistakes in a table', 'wrong or missing columns', 'errors in a file', 'quality of data'],
    effect: 'read',
    everyday: true,
    brief: ['rules'],
    about: ['datasetId', 'like'],
    permission: 'dataset:read',
    input: z.object({
      datasetId: DatasetId.optional(),
      version: VersionNumber.optional(),
      rows: z.array(RowToCheck).max(5_000).optional(),
      schema: RowSchema.optional(),
      like: DatasetId.optional().describe('Instead of a schema: as the rows of this dataset are'),
      likeVersion: VersionNumber.optional(),
      rules: z
        .array(Rule)
        .max(50)
        .default([])
        .describe('Beside the schema: {name, notNull: column}, {name, unique: [columns]} or {name, sql: condition}'),
      maxErrors: z.number().int().min(1).max(1_000).default(50),
    }),
    output: z.object({
      valid: z.boolean().describe('Every row fits, and every rule could be checked'),
      against: z.enum(['own', 'given', 'inferred', 'rules']).describe('Which schema'),
      rowsChecked: z.number().int(),
      invalidRows: z.number().int().describe('Rows that do not fit the schema'),
      failures: z.number().int().describe('All that does not fit: of the schema and of the rules'),
      partial: z.boolean().describe('There are more errors than are listed; the counts are of all'),
      errors: z.array(
        z.object({
          row: z.number().int().describe('Counted from 0'),
          path: z.string(),
          message: z.string(),
          rule: z.string(),
        }),
      ),
      rules: z.array(
        z.object({
          rule: z.string(),
          column: z.string().nullable(),
          status: z.enum(['ok', 'failed', 'error']),
          failures: z.number().int(),
          samples: z.array(z.number().int()).describe('Rows that fail, the first ones'),
          error: z.string().optional().describe('Why it could not be checked'),
        }),
      ),
    }),
    errors: ['not_found', 'too_large', 'unsupported_format'],
    timeoutMs: LARGE_MS,
  }),
  transform_data_format: defineTool({
    title: 'Turn a dataset into another format',
    description:
      'Makes a new dataset of yours with the same rows in another format. Rows and types survive the way there and back, or it is refused; with lossless: false, what was lost is told.',
    keywords: ['convert', 'export as another type of file', 'csv to parquet or json'],
    effect: 'write',
    everyday: true,
    about: ['datasetId'],
    permission: 'dataset:write',
    input: z.object({
      datasetId: DatasetId,
      version: VersionNumber.optional(),
      to: Format,
      name: z.string().min(1).max(120).optional(),
      lossless: z.boolean().default(true).describe('Refuse what the format cannot hold'),
    }),
    output: StoredDataset.extend({
      losses: z.array(Loss).describe('What the rows lost; empty unless lossless is false'),
    }),
    errors: ['not_found', 'too_large', 'quota_exceeded', 'unsupported_format'],
    timeoutMs: LARGE_MS,
  }),
};
