// The log's tree in the database: leaf hashes, hashes of perfect subtrees, signed heads, the log's key. It hashes nothing itself.
import { DATABASE, type Database } from '@labmesh/db';
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

/** Answers the head's size where it was the first that grows from its previous one. */
const GROW = `
  WITH head AS (
    INSERT INTO "sentinel"."audit_tree_heads" ("size", "previous_size", "checkpoint", "signed_at")
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING "size"
  ), kept AS (
    INSERT INTO "sentinel"."audit_subtrees" ("height", "index", "hash")
    SELECT s.* FROM unnest($5::smallint[], $6::bigint[], $7::bytea[]) AS s WHERE EXISTS (SELECT FROM head)
    ON CONFLICT DO NOTHING
  )
  SELECT "size" FROM head`;

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
    const { rows } = await this.database.pool.query<{ hash: Buffer }>(
      'SELECT "hash" FROM "sentinel"."audit_subtrees" WHERE "height" = $1 AND "index" >= $2 AND "index" < $3 ORDER BY "index"',
      [height, begin, end],
    );
    return rows.map(({ hash }) => Buffer.from(hash));
  }

  async newestHead(): Promise<SignedHead | undefined> {
    return (await this.#heads('ORDER BY "size" DESC LIMIT 1'))[0];
  }

  /** The smallest head that holds this many leaves, when there is one. */
  async headFrom(size: number): Promise<SignedHead | undefined> {
    return (await this.#heads('WHERE "size" >= $1 ORDER BY "size" LIMIT 1', size))[0];
  }

  /** Heads after a size, smallest first. */
  async heads(after: number, limit: number): Promise<SignedHead[]> {
    return this.#heads('WHERE "size" > $1 ORDER BY "size" LIMIT $2', after, limit);
  }

  async #heads(which: string, ...values: readonly number[]): Promise<SignedHead[]> {
    const { rows } = await this.database.pool.query<{ size: string; checkpoint: string }>(
      `SELECT "size", "checkpoint" FROM "sentinel"."audit_tree_heads" ${which}`,
      [...values],
    );
    return rows.map(({ size, checkpoint }) => ({ size: Number(size), checkpoint }));
  }

  /** Stores a head and the subtrees it completes, together. False when another replica's head was first. */
  async grow({ size, previousSize, checkpoint, subtrees }: Growth, signedAt: Date): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ size: string }>(GROW, [
      ...[size, previousSize, checkpoint, signedAt],
      ...[subtrees.map(({ subtree }) => subtree.height), subtrees.map(({ subtree }) => subtree.index)],
      subtrees.map(({ hash }) => hash),
    ]);
    return rows.length === 1;
  }

  async logKey(): Promise<StoredLogKey | undefined> {
    const { rows } = await this.database.pool.query<StoredLogKey>(
      `SELECT "name", "verifier_key" AS "verifierKey", "sealed_private" AS "sealedPrivate" FROM "sentinel"."audit_log_key"`,
    );
    return rows[0] && { ...rows[0], sealedPrivate: Buffer.from(rows[0].sealedPrivate) };
  }

  /** Stores a key unless one is there: the index lets one of several replicas win. */
  async addLogKey({ name, verifierKey, sealedPrivate }: StoredLogKey, createdAt: Date): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO "sentinel"."audit_log_key" ("name", "verifier_key", "sealed_private", "created_at")
       VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [name, verifierKey, sealedPrivate, createdAt],
    );
  }
}
