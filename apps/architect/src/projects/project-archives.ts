// Files of projects in the place for bytes, and those that clients brought there.
import { BLOBS, type BlobRef, BlobReferences, type Blobs } from '@labmesh/blobs';
import { AppError, type Call } from '@labmesh/contracts';
import { ARCHIVE_BYTES_MAX, packArchive, type ProjectFile, unpackArchive } from '@labmesh/projects';
import { Inject, Injectable } from '@nestjs/common';
import type { ProjectRow, StoredArchive } from './project-row.js';

@Injectable()
export class ProjectArchives {
  constructor(
    @Inject(BLOBS) private readonly blobs: Pick<Blobs, 'uploads'>,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  /** The same files are the same content. */
  async put(files: readonly ProjectFile[], signal?: AbortSignal): Promise<BlobRef> {
    return this.references.store.put([await packArchive(files)], { signal });
  }

  async read({ sha256 }: Pick<StoredArchive, 'sha256'>): Promise<ProjectFile[]> {
    return unpackArchive(await this.references.store.read(sha256));
  }

  /** As the template made it. @throws AppError unavailable when it is lost */
  async base({ base, name }: ProjectRow): Promise<ProjectFile[]> {
    if (base !== null) return this.read(base);
    throw new AppError('unavailable', `Cannot read what ${name} was made of: the lab does not have it any more.`);
  }

  /** What the caller uploaded. @throws AppError not_found, too_large, invalid_input */
  async uploaded(uploadId: string, { principal }: Pick<Call, 'principal'>): Promise<ProjectFile[]> {
    const { uploads } = this.blobs;
    const found = await uploads.find(uploadId, principal.walletId);
    if (found !== undefined && found.bytes > ARCHIVE_BYTES_MAX)
      throw new AppError('too_large', `Cannot read the upload: it has more than ${ARCHIVE_BYTES_MAX} bytes.`);
    return unpackArchive(await uploads.open(uploadId, principal.walletId), { unwrap: true });
  }

  /** An upload that was read is needed no more; one that stays is removed when it is old. */
  async done(uploadId: string): Promise<void> {
    await this.blobs.uploads.remove(uploadId).catch(() => undefined);
  }
}
