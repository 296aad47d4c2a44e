// Which wallet has which role: as the Chancellor told it first, and as the operator changed it since.
import { type Role, RoleName, sentinel } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, Outbox, type Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface RoleChanged {
  readonly before: Role;
  /** Counts the changes of this wallet. */
  readonly change: number;
}

@Injectable()
export class PrincipalsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /** Adds a wallet; one that is known stays as it is, since its role may have changed after it was opened. */
  async add(walletId: string, role: Role): Promise<void> {
    await this.database.prisma.walletRole.createMany({ data: [{ walletId, role }], skipDuplicates: true });
  }

  async roleOf(walletId: string): Promise<Role | undefined> {
    return (await this.newest(walletId))?.role;
  }

  /** The wallet's role and how often it changed. */
  async newest(walletId: string): Promise<{ walletId: string; role: Role; change: number } | undefined> {
    const { rows } = await this.database.pool.query<{ role: string; changes: number }>(
      'SELECT "role", "changes" FROM "sentinel"."wallet_roles" WHERE "wallet_id" = $1',
      [walletId],
    );
    return rows[0] && { walletId, role: RoleName.parse(rows[0].role), change: rows[0].changes };
  }

  /**
   * Gives a known wallet another role, its credentials too, with the event that tells of it. The same role again changes
   * nothing. Undefined for the operator's wallet, and for one that is not known.
   */
  async change(walletId: string, role: Role, now: Date): Promise<RoleChanged | undefined> {
    const changed = await this.database.prisma.$transaction(async (tx) => {
      const row = await locked(tx, walletId);
      if (row === undefined || row.role === 'operator') return undefined;
      if (row.role === role) return { before: row.role, change: row.changes };
      const change = row.changes + 1;
      await tx.walletRole.update({ where: { walletId }, data: { role, changes: change } });
      await tx.credential.updateMany({ where: { walletId }, data: { role, roleChangedAt: now } });
      await enqueueEvent(tx, sentinel.events.role_set, { walletId, role, change });
      return { before: row.role, change };
    });
    this.outbox.poke();
    return changed;
  }
}

/** Who makes a credential waits here, so that none is made with the old role after the others were changed. */
async function locked(
  tx: Prisma.TransactionClient,
  walletId: string,
): Promise<{ role: Role; changes: number } | undefined> {
  const [row] = await tx.$queryRaw<Array<{ role: string; changes: number }>>`
    SELECT "role", "changes" FROM "sentinel"."wallet_roles" WHERE "wallet_id" = ${walletId} FOR UPDATE`;
  return row === undefined ? undefined : { role: RoleName.parse(row.role), changes: row.changes };
}
