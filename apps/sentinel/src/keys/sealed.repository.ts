// All that is sealed under the master key, as bytes: signing keys, keys for data, the audit log's key. Opens nothing.

import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import type { Purpose, Reseal } from './master-keys.js';

export interface Resealed {
  readonly resealed: number;
  /** What no known key opens: it was lost before. */
  readonly lost: number;
}

@Injectable()
export class SealedRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Seals everything anew, all or nothing. What is under the next key already stays as it is. */
  resealAll(reseal: Reseal): Promise<Resealed> {
    return this.database.prisma.$transaction(async (tx) => {
      const counts = { resealed: 0, lost: 0 };
      const anew = (sealed: Uint8Array, about: string, purpose: Purpose): Uint8Array<ArrayBuffer> | undefined => {
        const done = reseal(Buffer.from(sealed), about, purpose);
        if (done === 'lost') counts.lost += 1;
        if (typeof done === 'string') return undefined;
        counts.resealed += 1;
        return new Uint8Array(done);
      };
      for (const { kid, sealedPrivate: old } of await tx.signingKey.findMany()) {
        const sealedPrivate = anew(old, kid, 'signing keys');
        if (sealedPrivate) await tx.signingKey.update({ where: { kid }, data: { sealedPrivate } });
      }
      for (const { id, sealedKey: old } of await tx.dataKey.findMany()) {
        const sealedKey = anew(old, id, 'data keys');
        if (sealedKey) await tx.dataKey.update({ where: { id }, data: { sealedKey } });
      }
      for (const { name, sealedPrivate: old } of await tx.auditLogKey.findMany()) {
        const sealedPrivate = anew(old, name, 'audit log key');
        if (sealedPrivate) await tx.auditLogKey.update({ where: { name }, data: { sealedPrivate } });
      }
      return counts;
    });
  }
}
