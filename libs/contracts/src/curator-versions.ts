// The Curator's tools for a dataset's card and its versions. Part of the contract in curator.ts.
import { z } from 'zod';
import {
  DatasetSummary,
  DRIFT_POLICIES,
  Drift,
  Format,
  LARGE_MS,
  RowSchema,
  StoredDataset,
  Submission,
} from './curator-datasets.js';
import { defineTool } from './tool.js';
import { DatasetId, Timestamp } from './values.js';

const Version = z.object({
  version: z.int().positive(),
  format: Format,
  rows: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  sha256: z.string().describe('SHA-256 of the stored bytes, hex'),
  createdAt: Timestamp,
  source: z.string(),
  note: z.string().nullable().describe('What its owner says has changed'),
  drift: Drift.nullable().describe('How it differs from the schema before; null where it does not'),
});

export const versionTools = {
  get_dataset: defineTool({
    title: 'Look at a dataset',
    description: 'One dataset’s card: what it holds, its schema and provenance, and its versions, newest first.',
    keywords: ['metadata', 'history of a table', 'which versions are there', 'columns and types of a file'],
    effect: 'read',
    everyday: true,
    about: ['datasetId'],
    permission: 'dataset:read',
    input: z.object({ datasetId: DatasetId }),
    output: z.object({
      dataset: DatasetSummary,
      schema: RowSchema.nullable(),
      versions: z.array(Version).describe('At most the last 100'),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  update_dataset: defineTool({
    title: 'Give a dataset a new version',
    brief: ['topics', 'sha256', 'schema'],
    description:
      'Stores data as the next version of a dataset of yours; earlier ones stay. Other columns widen the schema, are refused, or left out (drift).',
    keywords: ['correct my data', 'replace a file', 'append new measurements', 'overwrite'],
    effect: 'write',
    about: ['datasetId'],
    permission: 'dataset:write',
    input: z.object({
      datasetId: DatasetId,
      expectedVersion: z.int().min(1).optional(),
      name: z.string().min(1).max(120).optional(),
      description: z.string().max(2_000).optional(),
      note: z.string().max(500).optional(),
      drift: z.enum(DRIFT_POLICIES).default('evolve'),
      ...Submission,
    }),
    output: StoredDataset.extend({ drift: Drift.nullable().describe('How it differs from the schema before') }),
    errors: ['not_found', 'conflict', 'too_large', 'quota_exceeded', 'unsupported_format', 'upstream_failed'],
    timeoutMs: LARGE_MS,
  }),
  withdraw_dataset: defineTool({
    title: 'Withdraw a dataset',
    description:
      'Takes a dataset of yours out of the lab for good: nobody lists or reads it any more, and its bytes are removed. That it was there stays known to the lab. Who may add sources may withdraw those of the lab; one of a source comes back when it is fetched again.',
    keywords: ['delete a dataset', 'remove my data', 'free space'],
    effect: 'destroy',
    idempotent: true,
    about: ['datasetId'],
    permission: 'dataset:write',
    input: z.object({ datasetId: DatasetId }),
    output: z.object({ datasetId: DatasetId, owner: z.string(), withdrawnAt: Timestamp }),
    errors: ['not_found'],
    timeoutMs: 10_000,
  }),
};
