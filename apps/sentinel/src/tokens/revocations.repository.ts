// Withdrawing credentials: the rows and the event that tells everyone, in one transaction.
import { sentinel } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, Outbox } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

/** Whose: one credential, those of one sign-in, or all of a wallet. */
export type Withdrawn = { readonly id: string } | { readonly familyId: string } | { readonly walletId: string };

@Injectable()
export class RevocationsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /** Withdraws what is still good and answers with its ids; what was withdrawn before stays as it was. */
  async withdraw(which: Withdrawn, now: Date): Promise<string[]> {
    const ids = await this.database.prisma.$transaction(async (tx) => {
      const rows = await tx.credential.updateManyAndReturn({
        where: { ...which, revokedAt: null, expiresAt: { gt: now } },
        data: { revokedAt: now },
        select: { id: true },
      });
      const tokenIds = rows.map(({ id }) => id);
      if (tokenIds.length > 0) await enqueueEvent(tx, sentinel.events.credentials_revoked, { tokenIds });
      return tokenIds;
    });
    this.outbox.poke();
    return ids;
  }

  /** Ids of what `withdraw` would end. */
  async good(which: Withdrawn, now: Date): Promise<string[]> {
    const where = { ...which, revokedAt: null, expiresAt: { gt: now } };
    const rows = await this.database.prisma.credential.findMany({ where, select: { id: true } });
    return rows.map(({ id }) => id);
  }

  /** Access tokens good after `now` that were withdrawn at `since` or later, or whose wallet got another role then. */
  async changedAccess(since: Date, now: Date): Promise<Array<{ id: string; expiresAt: Date; revokedAt: Date | null }>> {
    const { rows } = await this.database.pool.query<{ id: string; expiresAt: Date; revokedAt: Date | null }>(
      `SELECT "id", "expires_at" AS "expiresAt", "revoked_at" AS "revokedAt" FROM "sentinel"."credentials"
       WHERE "kind" = 'access' AND "expires_at" > $1 AND ("revoked_at" >= $2 OR "role_changed_at" >= $2)`,
      [now, since],
    );
    return rows;
  }
}
