// What a source is: a manifest, as a value. Every kind of source has this face; how each kind's streams are asked is in the
// files beside this one. docs/sources.md explains each member to whoever writes one.
import { z } from 'zod';
import { HttpStream } from './manifest-http.js';
import { FileStream, ImageRequest, SqlStream } from './manifest-streams.js';
import { Duration, SourceName, Text, Topics, Word } from './manifest-values.js';

/** Where the key of a source goes, and whose it is. */
const Auth = z.strictObject({
  kind: z.enum(['query', 'header', 'bearer']),
  /** Of the query parameter or header; a bearer token needs none. */
  name: Word.optional(),
  /** Under this name the key is kept: sources of one provider share it. */
  key: Word,
  /** A key that everybody may use. */
  default: z.string().max(200).optional(),
  required: z.boolean().default(true),
  /** Where somebody gets a key. */
  obtain: z.url(),
});

const RateLimit = z.strictObject({
  requests: z.int().min(1).max(1_000_000),
  per: Duration,
  /** Only with the key that everybody may use. */
  defaultKeyOnly: z.boolean().default(false),
});

/** What a reply means that is no data. The first rule that fits counts. */
const ErrorRule = z.strictObject({
  status: z.union([z.int().min(100).max(599), z.array(z.int().min(100).max(599)).min(1)]).optional(),
  contentType: Word.optional(),
  /** A regular expression; its first group is the provider's own words. */
  body: z.string().max(300).optional(),
  means: Text,
  do: Text,
  /** `fail` at once; `retry` soon; `wait` until the rate limit allows more; `gone`: this source will not come back by itself. */
  action: z.enum(['fail', 'retry', 'wait', 'gone']).default('fail'),
});

const face = {
  manifest: z.literal(1),
  name: SourceName,
  title: Text,
  description: Text,
  licence: Text,
  attribution: Text.optional(),
  homepage: z.url(),
  topics: Topics,
};

const web = {
  baseUrl: z.url({ protocol: /^https?$/ }),
  /** Further hosts that it may redirect to. */
  hosts: z.array(Word).max(10).default([]),
  auth: Auth.optional(),
  rateLimit: z.array(RateLimit).max(5).default([]),
  /** The header that says how many requests are left of the first rate limit. */
  remainingHeader: Word.optional(),
  errors: z.array(ErrorRule).max(30).default([]),
  /** Query parameters that never get into rows: keys that a provider repeats in its links. */
  redact: z.array(Word).max(10).default([]),
  headers: z.record(Word, z.string().max(500)).default({}),
  streams: z.record(SourceName, HttpStream).default({}),
  images: z.record(SourceName, ImageRequest).default({}),
};

export const HttpManifest = z.strictObject({ kind: z.enum(['http-json', 'http-csv', 'wmts']), ...face, ...web });
export const FileManifest = z.strictObject({
  kind: z.literal('file'),
  ...face,
  /** Absolute; inside one of the folders of LABMESH_SOURCE_FOLDERS. */
  folder: z.string().min(1).max(1_000),
  streams: z.record(SourceName, FileStream),
});
export const SqliteManifest = z.strictObject({
  kind: z.literal('sqlite'),
  ...face,
  /** Absolute; inside one of the folders of LABMESH_SOURCE_FOLDERS. */
  file: z.string().min(1).max(1_000),
  streams: z.record(SourceName, SqlStream),
});
export const PostgresManifest = z.strictObject({
  kind: z.literal('postgresql'),
  ...face,
  host: Word,
  port: z.int().min(1).max(65_535).default(5_432),
  database: Word,
  user: Word,
  tls: z.boolean().default(true),
  auth: Auth.pick({ key: true, obtain: true })
    .extend({ kind: z.literal('password') })
    .optional(),
  streams: z.record(SourceName, SqlStream),
});

export const Manifest = z
  .discriminatedUnion('kind', [HttpManifest, FileManifest, SqliteManifest, PostgresManifest])
  .superRefine((manifest, context) => {
    if (
      Object.keys(manifest.streams).length === 0 &&
      !('images' in manifest && Object.keys(manifest.images).length > 0)
    )
      context.addIssue({
        code: 'custom',
        path: ['streams'],
        message: 'has no stream: name at least one thing to fetch',
      });
    if (
      'baseUrl' in manifest &&
      manifest.auth !== undefined &&
      manifest.auth.kind !== 'bearer' &&
      manifest.auth.name === undefined
    )
      context.addIssue({
        code: 'custom',
        path: ['auth'],
        message: 'has no name: say which header or query parameter the key goes into',
      });
  });

export type Manifest = z.output<typeof Manifest>;
export type HttpManifest = z.output<typeof HttpManifest>;
export type FileManifest = z.output<typeof FileManifest>;
export type SqliteManifest = z.output<typeof SqliteManifest>;
export type PostgresManifest = z.output<typeof PostgresManifest>;
export type ErrorRule = z.output<typeof ErrorRule>;
export type RateLimit = z.output<typeof RateLimit>;
export type Stream = Manifest['streams'][string];

export const isHttp = (manifest: Manifest): manifest is HttpManifest => 'baseUrl' in manifest;
