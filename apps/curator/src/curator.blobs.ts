// The Curator's blobs: contract to domain, nothing else. Whose dataset the bytes are of, the reader knows.
import { AppError, type BlobHandler } from '@labmesh/contracts';
import type { DatasetReader } from './datasets/dataset-reader.js';

export const curatorBlobs = (reader: DatasetReader): BlobHandler => ({
  async open(id, call) {
    const found = await reader.blob(id, call);
    if (found === undefined)
      throw new AppError('not_found', `Cannot find the blob ${id}: there is none that you may read.`);
    const { sha256, bytes, mediaType, name } = found;
    return { sha256, bytes, mediaType, name };
  },
});
