// The Curator's resources: contract to domain, nothing else. Whose dataset it is, the reader knows.
import { type curator, type DATA_FORMATS, type ResourceHandlers } from '@labmesh/contracts';
import type { DatasetReader } from './datasets/dataset-reader.js';

const MIME_TYPES: Readonly<Record<(typeof DATA_FORMATS)[number], string>> = {
  json: 'application/json',
  csv: 'text/csv',
  yaml: 'application/yaml',
  parquet: 'application/vnd.apache.parquet',
};

export const curatorResources = (reader: DatasetReader): ResourceHandlers<typeof curator.resources> => ({
  dataset: {
    async read({ id }, call) {
      const { format, encoding, data } = await reader.stored(id, call);
      const mimeType = MIME_TYPES[format];
      return encoding === 'base64' ? { mimeType, blob: data } : { mimeType, text: data };
    },
    async list({ cursor, limit }, call) {
      const { datasets, nextCursor } = await reader.list({ limit, ...(cursor === undefined ? {} : { cursor }) }, call);
      const items = datasets.map(({ datasetId, name, description, format, bytes }) => ({
        params: { id: datasetId },
        name: datasetId,
        title: name,
        description,
        mimeType: MIME_TYPES[format],
        size: bytes,
      }));
      return { items, ...(nextCursor === undefined ? {} : { nextCursor }) };
    },
    complete: (_argument, value, call) => reader.idsFrom(value, call),
  },
});
