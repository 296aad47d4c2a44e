// The wallets' rows. A wallet, its empty accounts and the event that tells of it appear together or not at all.
import { chancellor, eventSubject, type Role, type WALLET_STATUSES } from '@labmesh/contracts';
import { DATABASE, type Database, Outbox } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

export interface Wallet {
  readonly id: string;
  readonly role: Role;
  readonly label: string | null;
  /** A verified id outside the lab: one wallet each. */
  readonly owner?: string | null;
}

/** What a wallet of a kind begins with. Amounts in micro-$webxos, rates in millionths. */
export interface Template {
  readonly name: string;
  readonly title: string;
  readonly role: Role;
  readonly earningRateMicro: bigint;
  readonly perTransactionMicro: bigint | null;
  readonly perDayMicro: bigint | null;
  readonly toolset: readonly string[];
}

export type WalletStatus = (typeof WALLET_STATUSES)[number];

export interface WalletRow {
  readonly id: string;
  readonly role: Role;
  readonly label: string | null;
  readonly template: string | null;
  readonly owner: string | null;
  readonly status: WalletStatus;
  readonly statusReason: string | null;
  readonly createdAt: Date;
}

/** What a wallet still has, that keeps it from being closed. */
export interface Remains {
  readonly held: bigint;
  readonly available: bigint;
  readonly staked: bigint;
  /** Open holds for it. */
  readonly promised: number;
}

export interface RoleChange {
  readonly walletId: string;
  readonly role: Role;
  /** Counts the changes of this wallet. */
  readonly change: number;
}

// $1 wallet id, $2 role, $3 label, $4 event id, $5 subject, $6 payload of the event, $7 owner.
const OPEN = `
  WITH opened AS (
    INSERT INTO chancellor.wallets (id, role, label, created_at, owner, template)
      VALUES ($1, $2, $3, date_trunc('milliseconds', clock_timestamp()), $7,
        (SELECT name FROM chancellor.wallet_templates WHERE name = $2))
      ON CONFLICT DO NOTHING
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

  /** Opens the wallet with its empty accounts; answers when, or undefined when a wallet of this id or owner is there already. */
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
      wallet.owner ?? null,
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

  /** Undefined when there is no such wallet. */
  async find(walletId: string): Promise<WalletRow | undefined> {
    return toRow(await this.database.prisma.wallet.findUnique({ where: { id: walletId } }));
  }

  async findByOwner(owner: string): Promise<WalletRow | undefined> {
    return toRow(await this.database.prisma.wallet.findUnique({ where: { owner } }));
  }

  /** In the order of their ids, which is that of their opening. */
  async list(where: { role?: Role; status?: WalletStatus; after?: string }, limit: number): Promise<WalletRow[]> {
    const { after, ...fields } = where;
    const rows = await this.database.prisma.wallet.findMany({
      where: { ...fields, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take: limit,
    });
    return rows.flatMap((row) => toRow(row) ?? []);
  }

  templates(): Promise<Template[]> {
    return this.database.prisma.walletTemplate.findMany({ orderBy: { name: 'asc' } }) as Promise<Template[]>;
  }

  /**
   * Sets the status under the wallet's lock, so that no payment is half-way through it. `refuse` sees the wallet, and what it
   * still has when it is to be closed, and throws to change nothing. Undefined when there is no such wallet.
   */
  async setStatus(
    walletId: string,
    to: { status: WalletStatus; reason: string },
    refuse: (wallet: WalletRow, remains: Remains) => void,
  ): Promise<{ at: Date } | undefined> {
    return await this.database.prisma.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM chancellor.accounts WHERE id = ${walletId} FOR NO KEY UPDATE`;
      const wallet = toRow(await tx.wallet.findUnique({ where: { id: walletId } }));
      if (wallet === undefined) return undefined;
      const accounts = await tx.ledgerAccount.findMany({ where: { walletId } });
      const balance = (kind: string): bigint => accounts.find((one) => one.kind === kind)?.balanceMicro ?? 0n;
      const [open] = await tx.$queryRaw<{ promised: number }[]>`
        SELECT count(*)::int AS promised FROM chancellor.holds
         WHERE to_wallet_id = ${walletId} AND captured_micro + released_micro < amount_micro AND expires_at > clock_timestamp()`;
      refuse(wallet, {
        available: balance('available'),
        held: balance('held'),
        staked: balance('staked'),
        promised: open?.promised ?? 0,
      });
      const at = new Date();
      if (wallet.status !== to.status)
        await tx.wallet.update({
          where: { id: walletId },
          data: { status: to.status, statusReason: to.reason, statusAt: at },
        });
      return { at };
    });
  }
}

interface FoundWallet {
  readonly id: string;
  readonly role: string;
  readonly label: string | null;
  readonly template: string | null;
  readonly owner: string | null;
  readonly status: string;
  readonly statusReason: string | null;
  readonly createdAt: Date;
}

/** The database's checks keep role and status to their words. */
const toRow = (row: FoundWallet | null): WalletRow | undefined =>
  row === null
    ? undefined
    : {
        id: row.id,
        role: row.role as Role,
        label: row.label,
        template: row.template,
        owner: row.owner,
        status: row.status as WalletStatus,
        statusReason: row.statusReason,
        createdAt: row.createdAt,
      };
