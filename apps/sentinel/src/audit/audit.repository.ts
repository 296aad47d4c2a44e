// The audit log in the database: appended to by sentinel.record_calls() alone, read in the order of its cursor.
import { CallRecord } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface AuditFilter {
  readonly walletId?: string | undefined;
  readonly agent?: string | undefined;
  readonly tool?: string | undefined;
  readonly decision?: 'allow' | 'deny' | undefined;
  readonly outcome?: string | undefined;
}

export interface AuditEntry extends CallRecord {
  /** Position in the log, a decimal number that only grows. */
  readonly cursor: string;
}

type Row = Omit<CallRecord, 'at' | 'decision' | 'outcome'> & {
  cursor: bigint;
  at: Date;
  decision: string;
  outcome: string;
};

@Injectable()
export class AuditRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Appends records in one statement; those already there, by id, are skipped. */
  async append(records: readonly CallRecord[]): Promise<void> {
    const json = JSON.stringify(records, storable);
    await this.database.prisma.$queryRaw`SELECT "sentinel"."record_calls"(${json}::jsonb)`;
  }

  /** The greatest cursor there is, "0" in an empty log. Whatever gets a smaller one is visible already: see the migration. */
  async newestCursor(): Promise<bigint> {
    const newest = await this.database.prisma.auditRecord.findFirst({
      orderBy: { cursor: 'desc' },
      select: { cursor: true },
    });
    return newest?.cursor ?? 0n;
  }

  /** At most `limit` records after a cursor, oldest first; without a cursor the newest `limit`, oldest first too. */
  async page(after: bigint | undefined, filter: AuditFilter, limit: number): Promise<AuditEntry[]> {
    const rows = await this.database.prisma.auditRecord.findMany({
      where: {
        ...(after === undefined ? {} : { cursor: { gt: after } }),
        ...Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)),
      },
      orderBy: { cursor: after === undefined ? 'desc' : 'asc' },
      take: limit,
    });
    return (after === undefined ? rows.reverse() : rows).map(entry);
  }
}

/**
 * PostgreSQL stores neither NUL nor half a surrogate pair, and one such text would keep its whole batch out for ever:
 * whoever asks for a tool by an odd name must not stop the log. Both become U+FFFD.
 */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? Buffer.from(value.replaceAll('\0', '\uFFFD')).toString() : value;
}

function entry({ cursor, at, ...row }: Row): AuditEntry {
  return { ...CallRecord.parse({ ...row, at: at.toISOString() }), cursor: cursor.toString() };
}
