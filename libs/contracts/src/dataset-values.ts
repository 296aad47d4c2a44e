// What the Curator's tools say of a dataset: its format, rows, schema, versions, freshness, drift and losses. No tool is declared here.
import { z } from 'zod';
import { DATA_FORMATS } from './data-formats.js';
import { holds } from './text-fields.js';
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
export const Topic = holds(
  'identifier',
  z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a topic is small letters, digits and dashes, such as solar-flares'),
);
export const Topics = z.array(Topic).max(20).describe('What it is about, such as solar-flares');

/**
 * How fresh a dataset of a source is. Stale: the last fetch failed, or is older than its source says it may be. Frozen: what came last
 * has other columns, and the source's manifest does not take them.
 */
export const Freshness = z.object({
  status: z.enum(['fresh', 'stale', 'frozen', 'gone', 'fetching', 'never']),
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
