// The keys of encrypt_data in the database, sealed. Knows nothing of what they encrypt.

import { DATABASE, type Database, isUniqueViolation } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface StoredDataKey {
  readonly id: string;
  readonly sealedKey: Buffer;
}

@Injectable()
export class DataKeysRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async active(): Promise<StoredDataKey | undefined> {
    const row = await this.database.prisma.dataKey.findFirst({ where: { retiredAt: null } });
    return row === null ? undefined : stored(row);
  }

  async byId(id: string): Promise<StoredDataKey | undefined> {
    const row = await this.database.prisma.dataKey.findUnique({ where: { id } });
    return row === null ? undefined : stored(row);
  }

  /** Puts a key in the place of the active one (undefined: of none). False when another replica's was first. */
  async replace(previous: string | undefined, { id, sealedKey }: StoredDataKey, now: Date): Promise<boolean> {
    const { prisma } = this.database;
    try {
      await prisma.$transaction([
        prisma.dataKey.updateMany({ where: { id: previous ?? '', retiredAt: null }, data: { retiredAt: now } }),
        prisma.dataKey.create({ data: { id, sealedKey: new Uint8Array(sealedKey), createdAt: now } }),
      ]);
      return true;
    } catch (error) {
      // The index allows one active key.
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }
}

const stored = ({ id, sealedKey }: { id: string; sealedKey: Uint8Array }): StoredDataKey => ({
  id,
  sealedKey: Buffer.from(sealedKey),
});
