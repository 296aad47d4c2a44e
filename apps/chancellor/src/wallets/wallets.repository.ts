// The wallets' rows. A wallet, its empty accounts and the event that tells of it appear together or not at all.
import { chancellor, eventSubject, type Role } from '@labmesh/contracts';
import { DATABASE, type Database, Outbox } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

export interface Wallet {
  readonly id: string;
  readonly role: Role;
  readonly label: string | null;
}

export interface RoleChange {
  readonly walletId: string;
  readonly role: Role;
  /** Counts the changes of this wallet. */
  readonly change: number;
}

// $1 wallet id, $2 role, $3 label, $4 event id, $5 subject, $6 payload of the event.
const OPEN = `
  WITH opened AS (
    INSERT INTO chancellor.wallets (id, role, label, created_at, template)
      VALUES ($1, $2, $3, date_trunc('milliseconds', clock_timestamp()),
        (SELECT name FROM chancellor.wallet_templates WHERE name = $2))
      ON CONFLICT (id) DO NOTHING
      RETURNING id, created_at
  ), accounts AS (
    INSERT INTO chancellor.accounts (id, wallet_id, kind)
      SELECT id || suffix, id, kind
        FROM opened, (VALUES ('', 'available'), ('.held', 'held'), ('.staked', 'staked')) AS k(suffix, kind)
  ), told AS (
    INSERT INTO chancellor.outbox (id, subject, payload, created_at)
      SELECT $4::uuid, $5, jsonb_build_object(
        'id', $4::text,
        'at', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'payload', $6::jsonb
      ), created_at FROM opened
  )
  SELECT created_at FROM opened`;

@Injectable()
export class WalletsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /** Opens the wallet with its empty accounts; answers when, or undefined when a wallet of this id is there already. */
  async open(wallet: Wallet): Promise<Date | undefined> {
    const event = chancellor.events.wallet_created;
    const payload = event.payload.parse({ walletId: wallet.id, role: wallet.role });
    const { rows } = await this.database.pool.query<{ created_at: Date }>(OPEN, [
      wallet.id,
      wallet.role,
      wallet.label,
      uuidv7(),
      eventSubject(event),
      JSON.stringify(payload),
    ]);
    if (rows.length > 0) this.outbox.poke();
    return rows[0]?.created_at;
  }

  /** False for a change that was heard before, or an older one: it changes nothing. */
  async changeRole({ walletId, role, change }: RoleChange): Promise<boolean> {
    const { count } = await this.database.prisma.wallet.updateMany({
      where: { id: walletId, roleChange: { lt: change } },
      data: { role, roleChange: change },
    });
    return count > 0;
  }

  /** The role of a wallet, or undefined when there is no such wallet. */
  async findRole(walletId: string): Promise<Role | undefined> {
    const wallet = await this.database.prisma.wallet.findUnique({ where: { id: walletId }, select: { role: true } });
    return wallet?.role as Role | undefined;
  }
}
