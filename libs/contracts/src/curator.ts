// The Curator: datasets, their schemas and formats.
import { z } from 'zod';
import { definePrompt } from './prompt.js';
import { defineResource } from './resource.js';
import { defineAgent, defineTool } from './tool.js';
import { DatasetId, Timestamp } from './values.js';

export const DATA_FORMATS = ['json', 'csv', 'parquet', 'yaml'] as const;
/** Largest dataset content accepted or answered inline, bytes. */
export const DATASET_BYTES_MAX = 3 * 1024 * 1024;

const Format = z.enum(DATA_FORMATS);
const RowSchema = z.record(z.string(), z.unknown()).describe('JSON Schema (2020-12) of one row');
const Row = z.record(z.string(), z.unknown());
const Provenance = z.object({
  source: z.string().describe('Where the data came from'),
  license: z.string().nullable(),
  obtainedAt: Timestamp,
  derivedFrom: DatasetId.nullable(),
  note: z.string().nullable(),
});
const DatasetSummary = z.object({
  datasetId: DatasetId,
  name: z.string(),
  description: z.string(),
  format: Format,
  rows: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().describe('SHA-256 of the stored bytes, hex'),
  owner: z.string().describe('Wallet that submitted it, or "lab" for one shipped with the lab'),
  createdAt: Timestamp,
  provenance: Provenance,
});

export const curator = defineAgent({
  name: 'curator',
  title: 'The Curator',
  description: 'Datasets, their schemas and formats.',
  tools: {
    list_available_datasets: defineTool({
      title: 'List datasets',
      description: 'Datasets you may read: those shipped with the lab and your own, newest first.',
      effect: 'read',
      permission: 'dataset:read',
      input: z.object({
        query: z.string().max(200).optional().describe('Words that the name or description must hold'),
        limit: z.number().int().min(1).max(200).default(50),
        cursor: z.string().max(200).optional(),
      }),
      output: z.object({ datasets: z.array(DatasetSummary), nextCursor: z.string().optional() }),
      errors: [],
      timeoutMs: 5_000,
    }),
    fetch_dataset: defineTool({
      title: 'Read a dataset',
      description:
        'Rows of a dataset, page by page (as: "rows"), or its stored bytes as they are (as: "content"), with its schema and provenance.',
      effect: 'read',
      about: ['datasetId'],
      permission: 'dataset:read',
      input: z.object({
        datasetId: DatasetId,
        as: z.enum(['rows', 'content']).default('rows'),
        offset: z.number().int().min(0).default(0).describe('First row, counted from 0'),
        limit: z.number().int().min(1).max(5_000).default(1_000).describe('Most rows'),
      }),
      output: z.object({
        dataset: DatasetSummary,
        schema: RowSchema.nullable(),
        rows: z.array(Row).optional(),
        nextOffset: z.number().int().optional().describe('Present when more rows follow'),
        content: z.object({ encoding: z.enum(['utf8', 'base64']), data: z.string() }).optional(),
      }),
      errors: ['not_found', 'too_large'],
      timeoutMs: 20_000,
    }),
    submit_dataset: defineTool({
      title: 'Submit a dataset',
      description:
        'Stores data of yours, given inline or fetched from an address on the lab’s allow-list. It is parsed, and checked against the schema when you give one; what does not fit is refused with the rows and reasons.',
      effect: 'write',
      permission: 'dataset:write',
      input: z.object({
        name: z.string().min(1).max(120),
        description: z.string().max(2_000).default(''),
        format: Format,
        content: z.string().optional().describe('The data itself: text, or base64 when encoding says so'),
        encoding: z.enum(['utf8', 'base64']).default('utf8'),
        url: z.url().optional().describe('Fetch it from here instead; the host must be on the allow-list'),
        schema: RowSchema.optional(),
        license: z.string().max(120).optional().describe('SPDX id where there is one, such as CC0-1.0'),
        source: z.string().max(500).optional().describe('Where the data came from, for the provenance'),
      }),
      output: z.object({
        dataset: DatasetSummary,
        schema: RowSchema.nullable().describe('Yours, or the one inferred from the rows'),
      }),
      errors: ['too_large', 'unsupported_format', 'upstream_failed'],
      timeoutMs: 60_000,
    }),
    validate_data_schema: defineTool({
      title: 'Check data against a schema',
      description:
        'Checks every row of a dataset (against its own schema or one you give) or rows you give inline, and lists what does not fit.',
      effect: 'read',
      about: ['datasetId'],
      permission: 'dataset:read',
      input: z.object({
        datasetId: DatasetId.optional(),
        rows: z.array(Row).max(5_000).optional(),
        schema: RowSchema.optional(),
        maxErrors: z.number().int().min(1).max(1_000).default(50),
      }),
      output: z.object({
        valid: z.boolean(),
        rowsChecked: z.number().int(),
        invalidRows: z.number().int(),
        errors: z.array(
          z.object({ row: z.number().int().describe('Counted from 0'), path: z.string(), message: z.string() }),
        ),
      }),
      errors: ['not_found'],
      timeoutMs: 20_000,
    }),
    transform_data_format: defineTool({
      title: 'Turn a dataset into another format',
      description:
        'Makes a new dataset of yours with the same rows in another format: JSON, CSV, Parquet or YAML. Rows and types survive the way there and back.',
      effect: 'write',
      about: ['datasetId'],
      permission: 'dataset:write',
      input: z.object({ datasetId: DatasetId, to: Format, name: z.string().min(1).max(120).optional() }),
      output: z.object({ dataset: DatasetSummary, schema: RowSchema.nullable() }),
      errors: ['not_found', 'too_large', 'unsupported_format'],
      timeoutMs: 60_000,
    }),
  },
  resources: {
    dataset: defineResource({
      uri: 'dataset://{id}',
      title: 'Dataset',
      description: 'The content of a dataset as it is stored: text for JSON, CSV and YAML, bytes for Parquet.',
      permission: 'dataset:read',
      listed: true,
    }),
  },
  prompts: {
    explore_dataset: definePrompt({
      title: 'Explore a dataset',
      description: 'Gets to know a dataset: its columns, its gaps, its provenance, and what it could answer.',
      arguments: z.object({ datasetId: DatasetId }),
      permission: 'dataset:read',
    }),
    prepare_submission: definePrompt({
      title: 'Prepare data for submission',
      description: 'Brings data into shape, checks it, and submits it with its source and licence.',
      arguments: z.object({ format: Format.describe('What the data is in') }),
      permission: 'dataset:write',
    }),
  },
});
