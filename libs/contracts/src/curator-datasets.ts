// The Curator's tools for datasets: finding, reading, adding, checking, converting. Part of the contract in curator.ts.
import { z } from 'zod';
import { blobLink } from './blob-links.js';
import {
  DatasetSummary,
  Format,
  Given,
  LARGE_MS,
  Loss,
  Place,
  Row,
  RowSchema,
  StoredDataset,
  Submission,
  Topic,
  VersionNumber,
} from './dataset-values.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { DatasetId, Timestamp, words } from './values.js';

/** As it was sent: a record would lose a member named `__proto__`. */
const RowToCheck = holds(
  'data',
  z
    .unknown()
    .refine((row) => typeof row === 'object' && row !== null && !Array.isArray(row), 'must be an object')
    .meta({ type: 'object' }),
);

const AnsweredRange = z.object({
  complete: z.boolean().describe('False: the rows that the lab has; who may add datasets (dataset:write) is given all'),
  changed: z.int().describe('Rows that were fetched for this call and are new, changed or gone'),
  fetchedAt: Timestamp.nullable(),
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
  z.object({ name: words(100), notNull: z.string() }),
  z.object({ name: words(100), unique: z.array(z.string()).min(1).max(20) }),
  z.object({
    name: words(100),
    sql: holds('code', z.string().min(1).max(2_000)).describe('Holds for every row, such as speed > 0'),
  }),
]);

export const datasetTools = {
  list_available_datasets: defineTool({
    title: 'List datasets',
    description: 'Datasets you may read, newest first: those of the lab and your own, found by words and facets.',
    keywords: [
      'data catalog',
      'browse data',
      'what data we have',
      'which files and tables are there',
      'do we have data about something',
      'anything about a topic',
      'see all tables',
      'look for data',
      'search for a dataset',
      'what is in the catalogue',
      'what can I download',
      'is there a table with something',
      'which data is public',
      'data sources in the lab, collections',
      'what tables exist',
    ],
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
    // What it fetches of a source is the lab's copy, as its own refreshes are.
    stored: ({ range }: { range?: { changed: number } }) => range !== undefined && range.changed > 0,
    keywords: [
      'download data',
      'show the rows of a table',
      'get a file',
      'newer months of a dataset',
      'read a table',
      'first lines of a file',
      'open a dataset',
      'see the data itself',
      'give me the values',
      'look inside',
      'print or open a table',
      'read rows',
      'show values',
      'load a dataset into my notebook',
      'get the data',
    ],
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
    keywords: [
      'upload data',
      'import a file',
      'share measurements',
      'add my own table',
      'upload a csv or excel file',
      'put data in',
      'get my file into the lab',
      'publish my data',
      'hand in results',
      'send in a spreadsheet',
      'add a spreadsheet',
      'put my results where others can use them',
      'contribute data',
      'bring my data in',
      'deposit a file',
    ],
    effect: 'write',
    everyday: true,
    permission: 'dataset:write',
    input: z.object({
      name: words(120),
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
    keywords: [
      'mistakes in a table',
      'wrong or missing columns',
      'errors in a file',
      'quality of data',
      'is my file okay',
      'check before an upload',
      'does it follow the rules',
      'valid or broken rows',
      'well-formed',
      'find errors in my data before sending',
      'does my table match a schema',
      'are the columns right',
      'bad rows',
      'is this csv valid',
      'is my spreadsheet acceptable',
    ],
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
    keywords: [
      'convert',
      'export as another type of file',
      'csv to parquet or json',
      'turn a table into another format',
      'make a json or csv file of it',
      'save as parquet',
      'I need it in another format',
      'excel',
      'I need the parquet as csv',
      'somebody only reads json',
      'make it a csv',
      'into another file type',
      'open it in excel',
    ],
    effect: 'write',
    everyday: true,
    about: ['datasetId'],
    permission: 'dataset:write',
    input: z.object({
      datasetId: DatasetId,
      version: VersionNumber.optional(),
      to: Format,
      name: words(120).optional(),
      lossless: z.boolean().default(true).describe('Refuse what the format cannot hold'),
    }),
    output: StoredDataset.extend({
      losses: z.array(Loss).describe('What the rows lost; empty unless lossless is false'),
    }),
    errors: ['not_found', 'too_large', 'quota_exceeded', 'unsupported_format'],
    timeoutMs: LARGE_MS,
  }),
};
