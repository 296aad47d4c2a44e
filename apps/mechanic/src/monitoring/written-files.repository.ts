// Files that the Mechanic wrote for somebody to download: whose each is, until when it is there. Bounded: a day, and the newest few of
// each wallet. Nobody else may read them.
import { type BlobRef, type BlobReference, BlobReferences } from '@labmesh/blobs';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface FileToWrite {
  /** As a person would call it. */
  readonly name: string;
  readonly mediaType: string;
  readonly text: string;
}

export type WrittenFile = Omit<FileToWrite, 'text'> & BlobRef & { readonly blobId: string };

/** Whose the references are: no wallet's, so no quota counts them. */
const OWNER = 'written';
const FILES_MAX = 20;
/** Of a row of `mechanic.written_files`: it is there no more. */
export const WRITTEN_LONG_AGO = `made_at <= clock_timestamp() - interval '1 day'`;
/** What is too old of anybody's, and what is too much of one's own. */
const TOO_MANY = `DELETE FROM mechanic.written_files WHERE ${WRITTEN_LONG_AGO} OR blob_id IN (
  SELECT blob_id FROM mechanic.written_files WHERE made_for = $1 ORDER BY made_at DESC, blob_id DESC OFFSET ${FILES_MAX})
  RETURNING blob_id AS "blobId"`;

@Injectable()
export class WrittenFiles {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  /** Keeps them all, or none. */
  async keep(files: readonly FileToWrite[], madeFor: string, signal?: AbortSignal): Promise<WrittenFile[]> {
    const put: Array<Omit<FileToWrite, 'text'> & BlobRef> = [];
    for (const { text, ...file } of files)
      put.push({ ...file, ...(await this.references.store.put([Buffer.from(text)], { signal })) });
    const ids = await this.database.prisma.$transaction(async (tx) => {
      await this.references.lockOwner(tx, OWNER);
      const claimed = await this.references.claim(
        tx,
        put.map((file) => ({ ...file, owner: OWNER })),
      );
      await tx.writtenFile.createMany({ data: claimed.map((blobId) => ({ blobId, madeFor })) });
      const gone = await tx.$queryRawUnsafe<Array<{ blobId: string }>>(TOO_MANY, madeFor);
      await this.references.release(
        tx,
        gone.map(({ blobId }) => blobId),
      );
      return claimed;
    });
    return put.map((file, at) => ({ ...file, blobId: ids[at] ?? '' }));
  }

  /** Undefined for one that is too old, and for another wallet's. */
  async find(blobId: string, madeFor: string): Promise<BlobReference | undefined> {
    const sql = `SELECT 1 FROM mechanic.written_files WHERE blob_id = $1 AND made_for = $2 AND NOT (${WRITTEN_LONG_AGO})`;
    const { rowCount } = await this.database.pool.query(sql, [blobId, madeFor]);
    return rowCount === 1 ? this.references.find(blobId) : undefined;
  }
}
