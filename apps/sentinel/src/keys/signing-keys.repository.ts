// Signing keys in the database, private halves sealed. Knows nothing of how they are used.

import { DATABASE, type Database, isUniqueViolation } from '@labmesh/db';
import type { VerificationKey } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';

export interface NewKey {
  readonly kid: string;
  readonly publicKey: VerificationKey;
  readonly sealedPrivate: Buffer;
}

export interface StoredKey extends NewKey {
  /** Unix milliseconds. */
  readonly signsFrom: number;
  /** The same; infinity while no other is to take its place. */
  readonly retiredAt: number;
}

interface Row {
  kid: string;
  publicKey: unknown;
  sealedPrivate: Uint8Array;
  createdAt: Date;
  signsFrom: Date | null;
  retiredAt: Date | null;
}

// Each start asks for them: they go to the pool as they are, and Prisma stays unread.
const SELECT = `SELECT "kid", "public_key" AS "publicKey", "sealed_private" AS "sealedPrivate", "created_at" AS "createdAt",
  "signs_from" AS "signsFrom", "retired_at" AS "retiredAt" FROM "sentinel"."signing_keys"`;

@Injectable()
export class SigningKeysRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** True where nobody else can change a key: no other process has this database. */
  get alone(): boolean {
    return this.database.kind === 'embedded';
  }

  /** Stores a key unless an active one is there: the unique index lets one of several replicas win. */
  async addIfNone(key: NewKey, now: Date): Promise<void> {
    await this.database.prisma.signingKey.createMany({
      data: [{ ...rowOf(key), createdAt: now }],
      skipDuplicates: true,
    });
  }

  async active(): Promise<StoredKey | undefined> {
    const { rows } = await this.database.pool.query<Row>(`${SELECT} WHERE "retired_at" IS NULL`);
    return rows[0] ? stored(rows[0]) : undefined;
  }

  /** Those whose tokens may still be good: the active key and those retired after `since`, newest first. */
  async published(since: Date): Promise<StoredKey[]> {
    const { rows } = await this.database.pool.query<Row>(`${SELECT} WHERE "retired_at" IS NULL OR "retired_at" > $1`, [
      since,
    ]);
    return rows.map(stored).sort((one, other) => other.signsFrom - one.signsFrom || other.retiredAt - one.retiredAt);
  }

  /**
   * Puts a key in the place of the active one, which signs until the new one does. False when another replica's was first.
   * @param retiredAt of the old one
   */
  async replace(previous: string, key: NewKey, at: { now: Date; signsFrom: Date; retiredAt: Date }): Promise<boolean> {
    const { prisma } = this.database;
    const { now: createdAt, signsFrom, retiredAt } = at;
    try {
      await prisma.$transaction([
        prisma.signingKey.updateMany({ where: { kid: previous, retiredAt: null }, data: { retiredAt } }),
        prisma.signingKey.create({ data: { ...rowOf(key), createdAt, signsFrom } }),
      ]);
      return true;
    } catch (error) {
      // The index allows one active key.
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  /** Takes those that were retired before the active one began out of what is trusted: their tokens are good no more. */
  async distrustRetired(): Promise<void> {
    await this.database.prisma.signingKey.updateMany({
      where: { retiredAt: { not: null } },
      data: { retiredAt: new Date(0) },
    });
  }
}

const rowOf = ({ kid, publicKey, sealedPrivate }: NewKey) => ({
  kid,
  publicKey: { ...publicKey },
  sealedPrivate: new Uint8Array(sealedPrivate),
});

const stored = (row: Row): StoredKey => ({
  kid: row.kid,
  publicKey: row.publicKey as VerificationKey,
  sealedPrivate: Buffer.from(row.sealedPrivate),
  signsFrom: (row.signsFrom ?? row.createdAt).getTime(),
  retiredAt: row.retiredAt?.getTime() ?? Number.POSITIVE_INFINITY,
});
