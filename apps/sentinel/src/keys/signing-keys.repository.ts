// Signing keys in the database, private halves sealed. Knows nothing of how they are used.

import type { VerificationKey } from '@labmesh/agent';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface StoredKey {
  readonly kid: string;
  readonly publicKey: VerificationKey;
  readonly sealedPrivate: Buffer;
}

@Injectable()
export class SigningKeysRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Stores a key unless an active one is there: the unique index lets one of several replicas win. */
  async addIfNone(key: StoredKey, now: Date): Promise<void> {
    await this.database.prisma.signingKey.createMany({
      data: [
        {
          kid: key.kid,
          publicKey: { ...key.publicKey },
          sealedPrivate: new Uint8Array(key.sealedPrivate),
          createdAt: now,
        },
      ],
      skipDuplicates: true,
    });
  }

  async active(): Promise<StoredKey | undefined> {
    const row = await this.database.prisma.signingKey.findFirst({ where: { retiredAt: null } });
    return row ? stored(row) : undefined;
  }

  /** Public halves whose tokens may still be good: the active key and those retired after `since`. */
  async published(since: Date): Promise<VerificationKey[]> {
    const rows = await this.database.prisma.signingKey.findMany({
      where: { OR: [{ retiredAt: null }, { retiredAt: { gt: since } }] },
      orderBy: { createdAt: 'desc' },
    });
    return rows.map((row) => stored(row).publicKey);
  }
}

const stored = (row: { kid: string; publicKey: unknown; sealedPrivate: Uint8Array }): StoredKey => ({
  kid: row.kid,
  publicKey: row.publicKey as VerificationKey,
  sealedPrivate: Buffer.from(row.sealedPrivate),
});
