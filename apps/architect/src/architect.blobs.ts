// The Architect's blobs: archives of projects, for their owners. No other rule lives here.
import { AppError, type BlobHandler } from '@labmesh/contracts';
import type { ProjectsRepository } from './projects/projects.repository.js';

export const architectBlobs = (projects: ProjectsRepository): BlobHandler => ({
  async open(id, { principal }) {
    const found = await projects.archiveOf(id, principal.walletId);
    if (found === undefined)
      throw new AppError(
        'not_found',
        `Cannot find the blob ${id}: there is no archive of yours. get_project names those there are.`,
      );
    const { sha256, bytes } = found.archive;
    return { sha256, bytes, mediaType: 'application/gzip', name: `${found.name}.tar.gz` };
  },
});
