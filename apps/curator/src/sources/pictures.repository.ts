// Pictures of sources that are kept, by the request that brought them: the same request within a day asks nobody. They are the lab's,
// for everybody who may read datasets. Bounded: what was unused longest goes first.
import { type BlobRef, type BlobReference, BlobReferences } from '@labmesh/blobs';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface NewPicture extends BlobRef {
  readonly mediaType: string;
  /** As a person would call the file. */
  readonly name: string;
}

/** Whose the references are: no wallet's, so no quota counts them. */
const OWNER = 'pictures';
const KEPT_HOURS = 24;
/** Bytes of all pictures that are kept: 1 GiB. */
export const PICTURES_BYTES_MAX = 1024 ** 3;

const USE = `UPDATE "curator"."pictures" SET used_at = clock_timestamp()
  WHERE request = $1 AND fetched_at > clock_timestamp() - interval '${KEPT_HOURS} hours' RETURNING blob_id AS "blobId"`;

/** All after those that were used last and weigh as much as may be kept. */
const TOO_MANY = `DELETE FROM "curator"."pictures" WHERE request IN (
  SELECT request FROM (
    SELECT p.request, sum(b.bytes) OVER (ORDER BY p.used_at DESC, p.request) AS weight
    FROM "curator"."pictures" p JOIN "curator"."blobs" b ON b.id = p.blob_id) AS weighed
  WHERE weight > $1::bigint) RETURNING blob_id AS "blobId"`;

@Injectable()
export class Pictures {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  /** What this request brought, while it may be answered again. */
  async of(request: string): Promise<BlobReference | undefined> {
    const { rows } = await this.database.pool.query<{ blobId: string }>(USE, [request]);
    return rows[0] === undefined ? undefined : this.references.find(rows[0].blobId);
  }

  /** Keeps what a request brought, in the place of what it brought before. The content has been put. */
  async keep(request: string, picture: NewPicture, bytesMax = PICTURES_BYTES_MAX): Promise<BlobReference> {
    const id = await this.database.prisma.$transaction(async (tx) => {
      await this.references.lockOwner(tx, OWNER);
      const [id = ''] = await this.references.claim(tx, [{ ...picture, owner: OWNER }]);
      const before = await tx.picture.findUnique({ where: { request }, select: { blobId: true } });
      const now = new Date();
      const kept = { blobId: id, fetchedAt: now, usedAt: now };
      await tx.picture.upsert({ where: { request }, create: { request, ...kept }, update: kept });
      const gone = await tx.$queryRawUnsafe<Array<{ blobId: string }>>(TOO_MANY, bytesMax);
      const released = [...gone.map(({ blobId }) => blobId), ...(before === null ? [] : [before.blobId])];
      if (released.length > 0) await this.references.release(tx, released);
      return id;
    });
    const { sha256, bytes, mediaType, name } = picture;
    return { id, sha256, bytes, mediaType, name, owner: OWNER, createdAt: new Date() };
  }

  /** The content that a blob's id names, when it is that of a picture. */
  async blob(id: string): Promise<BlobReference | undefined> {
    const found = await this.database.prisma.picture.findFirst({ where: { blobId: id }, select: { request: true } });
    return found === null ? undefined : this.references.find(id);
  }
}
