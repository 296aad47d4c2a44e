// The one operator's wallet: enrolled once, with its event in the same transaction.
import { sentinel } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, Outbox } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

@Injectable()
export class OperatorRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  async walletId(): Promise<string | undefined> {
    const { rows } = await this.database.pool.query<{ walletId: string }>(
      `SELECT "wallet_id" AS "walletId" FROM "sentinel"."wallet_roles" WHERE "role" = 'operator'`,
    );
    return rows[0]?.walletId;
  }

  /**
   * Enrols this wallet unless an operator is there already. Of two replicas at once, the second waits for the first at
   * the unique index, then adds nothing and tells nothing.
   */
  async enrol(walletId: string): Promise<void> {
    await this.database.prisma.$transaction(async (tx) => {
      const added = await tx.walletRole.createMany({ data: [{ walletId, role: 'operator' }], skipDuplicates: true });
      if (added.count === 1) await enqueueEvent(tx, sentinel.events.operator_enrolled, { walletId });
    });
    this.outbox.poke();
  }
}
