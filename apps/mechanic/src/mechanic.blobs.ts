// Bytes of the Mechanic's, at the gateway: those of jobs, and files that were written for one wallet.
import { AppError, type BlobHandler } from '@labmesh/contracts';
import type { JobBlobs } from './logs/job-blobs.js';
import type { WrittenFiles } from './monitoring/written-files.repository.js';

export const mechanicBlobs = (jobs: JobBlobs, written: WrittenFiles): BlobHandler => ({
  async open(id, call) {
    const found = (await jobs.find(id, call)) ?? (await written.find(id, call.principal.walletId));
    if (found === undefined)
      throw new AppError('not_found', `Cannot find the blob ${id}: there is none that you may read.`);
    const { sha256, bytes, mediaType, name } = found;
    return { sha256, bytes, mediaType, name };
  },
});
