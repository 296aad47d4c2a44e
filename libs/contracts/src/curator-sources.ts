// The Curator's tools for sources: which there are, what they have, fetching from them. Part of the contract in curator.ts.
import { z } from 'zod';
import { ToolContent } from './content.js';
import { DatasetSummary, DRIFT_POLICIES, Drift, Freshness, Given, Place, RowSchema } from './dataset-values.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Timestamp } from './values.js';

/** Longest text of a manifest, characters. */
const MANIFEST_CHARS_MAX = 65_536;
const SourceName = holds(
  'identifier',
  z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,29}$/)
    .describe('As list_sources gives it'),
);
const StreamName = holds(
  'identifier',
  z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,29}$/)
    .describe('As get_source gives it'),
);
const Parameters = holds('data', Given.describe('As get_source describes them'));

const Fetched = Freshness.extend({
  datasetId: z.string(),
  stream: z.string(),
  parameters: z.record(z.string(), z.unknown()),
});
const SourceSummary = z.object({
  name: z.string(),
  title: z.string(),
  kind: z.string(),
  topics: z.array(z.string()),
  streams: z.array(z.string()),
  images: z.array(z.string()),
  licence: z.string(),
  shipped: z.boolean(),
  key: z.enum(['none', 'public', 'set', 'missing']).describe('public: with one that everybody may use'),
  status: Freshness.shape.status,
});
const Described = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  parameters: z.record(z.string(), z.unknown()).describe('JSON Schema of each'),
});

export const sourceTools = {
  list_sources: defineTool({
    title: 'List sources of data',
    description:
      'Sources outside that the lab can fetch from, such as NASA’s, with their streams and how fresh they are.',
    keywords: [
      'where does data come from',
      'connectors, feeds, APIs',
      'NASA, SpaceX, satellite imagery',
      'outside data that we can get',
      'external providers',
      'which websites do we get data from',
      'available feeds',
      'which APIs can we use',
      'external data',
    ],
    effect: 'read',
    permission: 'source:read',
    input: z.object({ topic: holds('identifier', z.string().max(30)).optional() }),
    output: z.object({ sources: z.array(SourceSummary) }),
    errors: [],
    timeoutMs: 5_000,
  }),
  get_source: defineTool({
    title: 'Get a source',
    description: 'A source’s streams and pictures with their parameters and ranges, its datasets, and its manifest.',
    keywords: [
      'parameters of a feed',
      'what can be fetched',
      'details of a provider',
      'how do I use this feed',
      'settings of a connector',
    ],
    effect: 'read',
    permission: 'source:read',
    input: z.object({ source: SourceName }),
    output: SourceSummary.omit({ streams: true, images: true }).extend({
      description: z.string(),
      homepage: z.string(),
      attribution: z.string().nullable(),
      streams: z.array(
        Described.extend({
          range: z
            .enum(['date', 'datetime', 'integer', 'text'])
            .nullable()
            .describe('What from and to are; null: it has no range'),
          schema: RowSchema.nullable(),
          drift: z.enum(DRIFT_POLICIES).describe('What becomes of columns that are others than before'),
          freshSeconds: z.number().nullable(),
        }),
      ),
      images: z.array(Described),
      datasets: z.array(Fetched),
      manifest: z.string(),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  add_source: defineTool({
    title: 'Add a source',
    description:
      'Takes in a source’s manifest (YAML, docs/sources.md), in the place of one of the same name. Nothing is fetched yet: test_source does.',
    keywords: [
      'connect an API',
      'new connector',
      'hook up another provider or service',
      'new feed',
      'integrate an external website',
      'get data from a new place',
      'use the weather API',
      'let us use a new API',
      'register a provider',
      'crawl a website',
    ],
    effect: 'write',
    permission: 'source:write',
    input: z.object({ manifest: holds('code', z.string().min(1).max(MANIFEST_CHARS_MAX)) }),
    output: z.object({ source: SourceSummary }),
    errors: ['conflict'],
    timeoutMs: 10_000,
  }),
  remove_source: defineTool({
    title: 'Remove a source',
    description: 'The lab fetches from it no more. Datasets that were fetched stay.',
    keywords: [
      'disconnect an API',
      'stop using a provider',
      'delete a connector or feed',
      'we no longer need this source',
      'I do not need this API any more',
      'drop a feed',
    ],
    effect: 'destroy',
    permission: 'source:write',
    input: z.object({ source: SourceName }),
    output: z.object({ removed: z.string() }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  set_source_key: defineTool({
    title: 'Set the key of a source',
    description:
      'Keeps the key that the source is asked with, sealed by the Sentinel. It is shown nowhere again. Left out: the key is removed.',
    keywords: [
      'API key, password, token of a provider',
      'enter the password of a feed',
      'credentials for an external API',
      'NASA key',
    ],
    effect: 'write',
    permission: 'source:write',
    input: z.object({ source: SourceName, key: holds('data', z.string().min(1).max(4_096)).optional() }),
    output: z.object({
      key: z.string().describe('The name under which it is kept: sources of one provider share it'),
      set: z.boolean(),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  test_source: defineTool({
    title: 'Test a source',
    description: 'Asks one page of one stream and says what came and how long it took. Stores nothing.',
    keywords: [
      'does the connection work',
      'try an API',
      'is the feed working',
      'check a provider',
      'is the API down',
      'ping',
    ],
    effect: 'read',
    permission: 'source:write',
    input: z.object({
      source: SourceName,
      stream: StreamName.optional().describe('The first one when left out'),
      parameters: Parameters.optional(),
      from: Place.optional(),
      to: Place.optional(),
    }),
    output: z.object({
      stream: z.string(),
      request: z.string().describe('Without the key'),
      rows: z.number().int(),
      more: z.boolean().describe('Another page follows'),
      tookMs: z.number(),
      example: holds('data', z.record(z.string(), z.unknown())).nullable().describe('The first row'),
      schema: RowSchema.describe('As the rows have it'),
    }),
    errors: ['not_found', 'upstream_failed', 'conflict', 'too_large'],
    timeoutMs: 60_000,
  }),
  fetch_source: defineTool({
    title: 'Fetch from a source',
    description:
      'Fetches a stream of a source, or a range of it, into a dataset of the lab: new and changed rows are added, each once. What is fresh is not asked for again. After an interruption the same call goes on.',
    keywords: [
      'download NASA data',
      'refresh, update, newest data',
      'new months of a feed',
      'pull in the latest',
      'get data from NASA',
      'solar flares, asteroids, launches',
      'sync with a provider',
      'load from outside',
      'update a list from NASA',
      'today’s space weather',
      'load the latest exoplanets or asteroids',
      'import from an API',
      'get new data from a provider',
    ],
    effect: 'write',
    permission: 'dataset:write',
    input: z.object({
      source: SourceName,
      stream: StreamName,
      parameters: Parameters.optional(),
      from: Place.optional().describe('Left out: where the last fetch ended'),
      to: Place.optional().describe('Left out: now'),
      force: z.boolean().default(false).describe('Also when what is there is fresh'),
    }),
    progress: z.object({ progress: z.number(), total: z.number().optional(), message: z.string() }),
    output: z.object({
      dataset: DatasetSummary,
      cached: z.boolean().describe('It was fresh: nothing was asked for'),
      pages: z.number().int(),
      rows: z.number().int().describe('That came'),
      changed: z.number().int().describe('Rows that are new, changed or gone'),
      drift: Drift.nullable().describe('How the columns differ from the version before'),
      fetchedAt: Timestamp,
      refreshAt: Timestamp.nullable(),
    }),
    errors: ['not_found', 'upstream_failed', 'conflict', 'too_large'],
    timeoutMs: 300_000,
  }),
  get_imagery: defineTool({
    title: 'Get a picture from a source',
    description:
      'A picture that a source makes of parameters, such as a layer of NASA’s GIBS at a time and place, or an EPIC picture; a link to it when it is large. The same is asked for once in a day.',
    keywords: [
      'satellite image, map tile',
      'earth from space',
      'photo of the earth',
      'picture of a storm or hurricane',
      'photograph of a place',
      'see it from above',
      'aerial view',
      'how does a planet look from above',
      'see the coast from a satellite',
      'sky image',
      'view of a region',
      'mars, moon, sun pictures',
    ],
    effect: 'read',
    permission: 'dataset:read',
    input: z.object({
      source: SourceName,
      image: StreamName,
      parameters: Parameters.optional(),
      inline: z.boolean().default(false).describe('Over 256 KiB in the answer too, up to 2 MiB'),
    }),
    output: ToolContent,
    errors: ['not_found', 'upstream_failed', 'conflict', 'too_large'],
    timeoutMs: 60_000,
  }),
};
