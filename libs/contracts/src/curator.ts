// The Curator: datasets, their schemas and formats.
import { z } from 'zod';
import { analysisTools } from './curator-analysis.js';
import { datasetTools } from './curator-datasets.js';
import { routeEvents, routeTools } from './curator-routes.js';
import { sourceTools } from './curator-sources.js';
import { validationEvents, validationTools } from './curator-validations.js';
import { versionTools } from './curator-versions.js';
import { Format } from './dataset-values.js';
import { definePrompt } from './prompt.js';
import { defineResource } from './resource.js';
import { defineAgent } from './tool.js';
import { DatasetId, WalletId } from './values.js';

/** Its tools by concept, as its handlers are. */
export const curatorParts = {
  datasets: { ...datasetTools, ...versionTools },
  analysis: analysisTools,
  sources: sourceTools,
  routes: routeTools,
  validations: validationTools,
} as const;

export const curator = defineAgent({
  name: 'curator',
  title: 'The Curator',
  description: 'Datasets, their schemas and formats, and the sources they are fetched from.',
  keepsFiles: true,
  /** Keys of sources are kept sealed. */
  needs: { sentinel: ['seal_secret', 'open_secret'] },
  events: {
    ...routeEvents,
    ...validationEvents,
    /** Nobody reads the dataset any more. The version is its last one: what is told of that or an earlier one later is over. */
    dataset_withdrawn: z.object({ datasetId: DatasetId, version: z.int().positive() }),
    /** A version of somebody's own that was taken in; the same content of a wallet's is told once. */
    dataset_contributed: z.object({
      datasetId: DatasetId,
      version: z.int().positive(),
      walletId: WalletId,
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      rows: z.int().nonnegative(),
      bytes: z.int().nonnegative(),
    }),
  },
  tools: {
    ...curatorParts.datasets,
    ...curatorParts.analysis,
    ...curatorParts.sources,
    ...curatorParts.routes,
    ...curatorParts.validations,
  },
  blobs: {
    description:
      'The stored bytes of a dataset, as links to them have it: whoever may read the dataset may read them. Pictures of sources too.',
    permission: 'dataset:read',
    through: ['curator_fetch_dataset', 'curator_get_imagery'],
  },
  resources: {
    dataset: defineResource({
      uri: 'dataset://{id}',
      title: 'Dataset',
      description: 'The content of a dataset as it is stored: text for JSON, CSV and YAML, bytes for Parquet.',
      permission: 'dataset:read',
      listed: true,
    }),
    dataset_version: defineResource({
      uri: 'dataset://{id}/versions/{version}',
      title: 'Version of a dataset',
      description: 'The content of one version of a dataset, by its number.',
      permission: 'dataset:read',
      listed: false,
    }),
    validation: defineResource({
      uri: 'validation://{id}',
      title: 'Validation',
      description:
        'A claim about a result and how it stands, for whoever may read its data: what others measured once you have reported, or it has ended. Those that you may report on are listed.',
      mimeType: 'application/json',
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
