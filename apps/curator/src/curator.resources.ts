// The Curator's resources: contract to domain, nothing else. Whose dataset it is, the reader knows.
import {
  AppError,
  type Call,
  type curator,
  FORMATS,
  type ResourceContent,
  type ResourceHandlers,
} from '@labmesh/contracts';
import type { DatasetCatalogue } from './datasets/dataset-catalogue.js';
import type { DatasetReader } from './datasets/dataset-reader.js';
import type { Claims } from './validations/claims.js';

export const curatorResources = (
  reader: DatasetReader,
  catalogue: DatasetCatalogue,
  claims: Claims,
): ResourceHandlers<typeof curator.resources> => {
  const contentOf = async (id: string, call: Call, version?: number): Promise<ResourceContent> => {
    const { format, encoding, data } = await reader.stored(id, call, version);
    const { mimeType } = FORMATS[format];
    return encoding === 'base64' ? { mimeType, blob: data } : { mimeType, text: data };
  };
  return {
    dataset: {
      read: ({ id }, call) => contentOf(id, call),
      async list({ cursor, limit }, call) {
        const { datasets, nextCursor } = await catalogue.list(
          { limit, facets: false, ...(cursor === undefined ? {} : { cursor }) },
          call,
        );
        const items = datasets.map(({ datasetId, name, description, format, bytes }) => ({
          params: { id: datasetId },
          name: datasetId,
          title: name,
          description,
          mimeType: FORMATS[format].mimeType,
          size: bytes,
        }));
        return { items, ...(nextCursor === undefined ? {} : { nextCursor }) };
      },
      complete: (_argument, value, call) => reader.idsFrom(value, call),
    },
    dataset_version: {
      read: ({ id, version }, call) => contentOf(id, call, numberOf(version)),
      complete: (argument, value, call) => (argument === 'id' ? reader.idsFrom(value, call) : []),
    },
    validation: {
      read: async ({ id }, call) => ({
        mimeType: 'application/json',
        text: JSON.stringify(await claims.get({ validationId: id }, call), null, 2),
      }),
      async list({ cursor, limit }, call) {
        const { validations, nextCursor } = await claims.list({ which: 'open', limit, cursor }, call);
        const items = validations.map(({ validationId, title }) => ({
          params: { id: validationId },
          name: validationId,
          title,
        }));
        return { items, ...(nextCursor === undefined ? {} : { nextCursor }) };
      },
    },
  };
};

/** As a version's number is written: no other text is an address of the same. */
function numberOf(version: string): number {
  if (/^[1-9]\d{0,8}$/.test(version)) return Number(version);
  throw new AppError('not_found', `Cannot find version ${version.slice(0, 20)}: versions are numbers, counted from 1.`);
}
