// The Curator's blobs: contract to domain, nothing else. Whose dataset the bytes are of, the reader knows;
// pictures of sources are everybody's.
import { AppError, type BlobHandler } from '@labmesh/contracts';
import type { DatasetReader } from './datasets/dataset-reader.js';
import type { Pictures } from './sources/pictures.repository.js';

export const curatorBlobs = (reader: DatasetReader, pictures: Pictures): BlobHandler => ({
  async open(id, call) {
    const found = (await reader.blob(id, call)) ?? (await pictures.blob(id));
    if (found === undefined)
      throw new AppError('not_found', `Cannot find the blob ${id}: there is none that you may read.`);
    const { sha256, bytes, mediaType, name } = found;
    return { sha256, bytes, mediaType, name };
  },
});
