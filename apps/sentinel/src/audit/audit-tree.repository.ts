// The log's tree in the database: leaf hashes, hashes of perfect subtrees, signed heads, the log's key. It hashes nothing itself.
import { DATABASE, type Database, isUniqueViolation } from '@labmesh/db';
import type { Subtree } from '@labmesh/transparency';
import { Inject, Injectable } from '@nestjs/common';

/** Heights that are stored are multiples of it: tiles of 2^8 hashes. */
export const TILE_HEIGHT = 8;

export interface SignedHead {
  readonly size: number;
  readonly checkpoint: string;
}

export interface StoredLogKey {
  readonly name: string;
  readonly verifierKey: string;
  readonly sealedPrivate: Buffer;
}

export interface Growth extends SignedHead {
  readonly previousSize: number;
  readonly subtrees: ReadonlyArray<{ readonly subtree: Subtree; readonly hash: Buffer }>;
}

@Injectable()
export class AuditTreeRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /**
   * Leaf hashes of the places `begin` to `end` (not included), counted from 0, in order.
   * A place without a record ends the list: what is behind a gap is no leaf of this tree.
   */
  async leaves(begin: number, end: number): Promise<Buffer[]> {
    const { rows } = await this.database.pool.query<{ cursor: string; leaf_hash: Buffer | null }>(
      'SELECT "cursor", "leaf_hash" FROM "sentinel"."audit_records" WHERE "cursor" > $1 AND "cursor" <= $2 ORDER BY "cursor"',
      [begin, end],
    );
    const gap = rows.findIndex(({ cursor, leaf_hash }, at) => Number(cursor) !== begin + at + 1 || leaf_hash === null);
    return rows.slice(0, gap < 0 ? rows.length : gap).map(({ leaf_hash }) => Buffer.from(leaf_hash ?? []));
  }

  /** Stored hashes of one height, `begin` to `end` (not included). */
  async subtrees(height: number, begin: number, end: number): Promise<Buffer[]> {
    const rows = await this.database.prisma.auditSubtree.findMany({
      where: { height, index: { gte: begin, lt: end } },
      orderBy: { index: 'asc' },
    });
    return rows.map(({ hash }) => Buffer.from(hash));
  }

  async newestHead(): Promise<SignedHead | undefined> {
    const row = await this.database.prisma.auditTreeHead.findFirst({ orderBy: { size: 'desc' } });
    return row === null ? undefined : headOf(row);
  }

  /** The smallest head that holds this many leaves, when there is one. */
  async headFrom(size: number): Promise<SignedHead | undefined> {
    const row = await this.database.prisma.auditTreeHead.findFirst({
      where: { size: { gte: size } },
      orderBy: { size: 'asc' },
    });
    return row === null ? undefined : headOf(row);
  }

  /** Heads after a size, smallest first. */
  async heads(after: number, limit: number): Promise<SignedHead[]> {
    const rows = await this.database.prisma.auditTreeHead.findMany({
      where: { size: { gt: after } },
      orderBy: { size: 'asc' },
      take: limit,
    });
    return rows.map(headOf);
  }

  /** Stores a head and the subtrees it completes, together. False when another replica's head was first. */
  async grow({ size, previousSize, checkpoint, subtrees }: Growth, signedAt: Date): Promise<boolean> {
    const { prisma } = this.database;
    const rows = subtrees.map(({ subtree: { height, index }, hash }) => ({
      height,
      index: BigInt(index),
      hash: new Uint8Array(hash),
    }));
    try {
      await prisma.$transaction([
        prisma.auditTreeHead.create({
          data: { size: BigInt(size), previousSize: BigInt(previousSize), checkpoint, signedAt },
        }),
        prisma.auditSubtree.createMany({ data: rows, skipDuplicates: true }),
      ]);
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  async logKey(): Promise<StoredLogKey | undefined> {
    const row = await this.database.prisma.auditLogKey.findFirst();
    return row === null ? undefined : { ...row, sealedPrivate: Buffer.from(row.sealedPrivate) };
  }

  /** Stores a key unless one is there: the index lets one of several replicas win. */
  async addLogKey(key: StoredLogKey, createdAt: Date): Promise<void> {
    await this.database.prisma.auditLogKey.createMany({
      data: [{ ...key, sealedPrivate: new Uint8Array(key.sealedPrivate), createdAt }],
      skipDuplicates: true,
    });
  }
}

const headOf = ({ size, checkpoint }: { size: bigint; checkpoint: string }): SignedHead => ({
  size: Number(size),
  checkpoint,
});
