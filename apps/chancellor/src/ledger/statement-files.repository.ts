// Statements that were made files: which wallet's each is, for whom it was made, until when it is there. Bounded: a day, and for each
// who asks ten files and 256 MiB together, of which the oldest go first.
import { type BlobRef, type BlobReference, BlobReferences } from '@labmesh/blobs';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface NewStatementFile extends BlobRef {
  readonly mediaType: string;
  /** As a person would call the file. */
  readonly name: string;
  readonly walletId: string;
  /** The wallet that asked for it. */
  readonly madeFor: string;
}

/** Whose the references are: no wallet's, so no quota counts them. */
const OWNER = 'statements';
const KEPT_HOURS = 24;
const FILES_MAX = 10;
/** Of one file, and of all that were made for one wallet, bytes. */
export const STATEMENT_BYTES_MAX = 256 * 1024 ** 2;

const OLD = `made_at <= clock_timestamp() - interval '${KEPT_HOURS} hours'`;

/** What is too old of anybody's, and what is too much of one's own. */
const TOO_MANY = `DELETE FROM "chancellor"."statement_files" WHERE ${OLD} OR blob_id IN (
  SELECT blob_id FROM (
    SELECT s.blob_id, row_number() OVER newest AS place, sum(b.bytes) OVER newest AS weight
    FROM "chancellor"."statement_files" s JOIN "chancellor"."blobs" b ON b.id = s.blob_id WHERE s.made_for = $1
    WINDOW newest AS (ORDER BY s.made_at DESC, s.blob_id DESC)) AS theirs
  WHERE place > ${FILES_MAX} OR weight > $2::bigint) RETURNING blob_id AS "blobId"`;

@Injectable()
export class StatementFiles {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  /** Puts content, whole or not at all. @throws AppError cancelled; whatever `content` throws */
  put(content: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): Promise<BlobRef> {
    return this.references.store.put(content, { signal });
  }

  /** Names what was put; answers its blob's id. */
  keep({ walletId, madeFor, ...file }: NewStatementFile, bytesMax = STATEMENT_BYTES_MAX): Promise<string> {
    return this.database.prisma.$transaction(async (tx) => {
      await this.references.lockOwner(tx, OWNER);
      const [blobId = ''] = await this.references.claim(tx, [{ ...file, owner: OWNER }]);
      await tx.statementFile.create({ data: { blobId, walletId, madeFor } });
      const gone = await tx.$queryRawUnsafe<Array<{ blobId: string }>>(TOO_MANY, madeFor, bytesMax);
      if (gone.length > 0)
        await this.references.release(
          tx,
          gone.map((one) => one.blobId),
        );
      return blobId;
    });
  }

  /** The file that a blob's id names, and whose statement it is; undefined for one that is too old. */
  async find(id: string): Promise<(BlobReference & { readonly walletId: string }) | undefined> {
    const { rows } = await this.database.pool.query<{ walletId: string }>(
      `SELECT wallet_id AS "walletId" FROM "chancellor"."statement_files" WHERE blob_id = $1 AND NOT (${OLD})`,
      [id],
    );
    const found = rows[0] === undefined ? undefined : await this.references.find(id);
    return found === undefined ? undefined : { ...found, walletId: rows[0]?.walletId ?? '' };
  }

  /** Lets go of what is too old; its bytes are removed after. Answers of how many. */
  sweep(): Promise<number> {
    return this.database.prisma.$transaction(async (tx) => {
      const gone = await tx.$queryRawUnsafe<Array<{ blobId: string }>>(
        `DELETE FROM "chancellor"."statement_files" WHERE ${OLD} RETURNING blob_id AS "blobId"`,
      );
      if (gone.length > 0)
        await this.references.release(
          tx,
          gone.map(({ blobId }) => blobId),
        );
      return gone.length;
    });
  }
}
