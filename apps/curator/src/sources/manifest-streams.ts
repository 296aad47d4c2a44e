// Streams of files and databases, and pictures that a web API makes of parameters.
import { z } from 'zod';
import { DriftRule, Duration, Parameters, Pointer, Template, Text, Topics, Word } from './manifest-values.js';

const common = {
  title: Text,
  description: Text,
  topics: Topics.optional(),
  schema: z.record(z.string(), z.unknown()).optional(),
  primaryKey: z.array(Pointer.min(1)).min(1).max(8).optional(),
  freshness: Duration.optional(),
  drift: DriftRule,
};

export const FileStream = z.strictObject({
  ...common,
  /** Inside the folder. */
  path: z.string().min(1).max(500),
  format: z.enum(['json', 'csv', 'yaml', 'parquet']),
});

export const SqlStream = z.strictObject({
  ...common,
  /** One SELECT. */
  query: z.string().min(1).max(20_000),
  timeout: Duration.default(30_000),
});

/** A picture. {name} stands for a parameter; {name:YYYY}, :MM and :DD for parts of a date. */
export const ImageRequest = z.strictObject({
  title: Text,
  description: Text,
  path: z.string().startsWith('/', 'must begin with /').max(500),
  query: z.record(Word, Template).default({}),
  parameters: Parameters.default({}),
  types: z.array(z.enum(['image/png', 'image/jpeg'])).min(1),
});

export type FileStream = z.output<typeof FileStream>;
export type SqlStream = z.output<typeof SqlStream>;
export type ImageRequest = z.output<typeof ImageRequest>;
