// The audit log's records in the database: appended to by sentinel.record_calls() alone, read in the order of their place.
import { CallRecord, LAB_FAILURES, type Severity } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { canonicalJson, entryHash, leafHash } from '@labmesh/transparency';
import { Inject, Injectable } from '@nestjs/common';

export interface AuditFilter {
  readonly walletId?: string | undefined;
  readonly agent?: string | undefined;
  readonly tool?: string | undefined;
  readonly decision?: 'allow' | 'deny' | undefined;
  readonly outcome?: string | undefined;
  readonly callId?: string | undefined;
  /** At least this grave. */
  readonly severity?: Severity | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface AuditEntry extends CallRecord {
  /** Place in the log, from 1, a decimal number. */
  readonly cursor: string;
}

export interface StoredEntry {
  readonly cursor: bigint;
  readonly record: CallRecord;
  /** As it was stored with the record; the record alone says what it should be. */
  readonly leafHash: Buffer | undefined;
}

type Row = Omit<CallRecord, 'at' | 'decision' | 'outcome' | 'about'> & {
  cursor: bigint;
  at: Date;
  decision: string;
  outcome: string;
  about: unknown;
  leafHash: Uint8Array | null;
};

@Injectable()
export class AuditRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /**
   * Appends records in one statement; those already there are skipped. Returns how many were not. Every call passes here, so the statement goes to the
   * pool as it is: Prisma's way there costs as much again.
   */
  async append(records: readonly CallRecord[]): Promise<number> {
    const rows = new Map<string, string>();
    for (const record of records) {
      const text = storableText(record);
      const hash = leafHash(text).toString('hex');
      if (!rows.has(hash)) rows.set(hash, `{"leafHash":"${hash}","place":${rows.size},${text.slice(1)}`);
    }
    const json = `[${[...rows.values()].join(',')}]`;
    const { rows: answers } = await this.database.pool.query<{ added: number }>(
      'SELECT "sentinel"."record_calls"($1::jsonb) AS "added"',
      [json],
    );
    return answers[0]?.added ?? 0;
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
    if (after === undefined) return (await this.newest(undefined, filter, limit)).reverse();
    const rows = await this.database.prisma.auditRecord.findMany({
      where: { ...whereOf(filter), cursor: { gt: after } },
      orderBy: { cursor: 'asc' },
      take: limit,
    });
    return rows.map(entry);
  }

  /** At most `limit` records before a cursor, newest first. */
  async newest(before: bigint | undefined, filter: AuditFilter, limit: number): Promise<AuditEntry[]> {
    const rows = await this.database.prisma.auditRecord.findMany({
      where: { ...whereOf(filter), ...(before === undefined ? {} : { cursor: { lt: before } }) },
      orderBy: { cursor: 'desc' },
      take: limit,
    });
    return rows.map(entry);
  }

  /** The record with this receipt, or the first of this call. */
  async find(by: { readonly leafHash: string } | { readonly callId: string }): Promise<StoredEntry | undefined> {
    const where = 'leafHash' in by ? { leafHash: new Uint8Array(Buffer.from(by.leafHash, 'hex')) } : by;
    const row = await this.database.prisma.auditRecord.findFirst({ where, orderBy: { cursor: 'asc' } });
    return row === null ? undefined : stored(row);
  }

  /** Whether any record is of these. */
  async holds(of: { readonly agent?: string; readonly tool?: string; readonly walletId?: string }): Promise<boolean> {
    return (await this.database.prisma.auditRecord.findFirst({ where: of, select: { cursor: true } })) !== null;
  }

  /** Records in the order of their place, as they are stored; places may be missing where somebody removed them. */
  async stored(after: bigint, limit: number): Promise<StoredEntry[]> {
    const rows = await this.database.prisma.auditRecord.findMany({
      where: { cursor: { gt: after } },
      orderBy: { cursor: 'asc' },
      take: limit,
    });
    return rows.map(stored);
  }

  /** Gives records from before there was a tree their leaf's hash. Returns how many it did, at most `limit`. */
  async hashOlder(limit: number): Promise<number> {
    const { rows: older } = await this.database.pool.query(
      'SELECT FROM "sentinel"."audit_records" WHERE "leaf_hash" IS NULL LIMIT 1',
    );
    if (older.length === 0) return 0;
    const { prisma } = this.database;
    const rows = await prisma.auditRecord.findMany({
      where: { leafHash: null },
      orderBy: { cursor: 'asc' },
      take: limit,
    });
    for (const row of rows)
      await prisma.auditRecord.updateMany({
        where: { cursor: row.cursor, leafHash: null },
        data: { leafHash: new Uint8Array(entryHash(stored(row).record)) },
      });
    return rows.length;
  }
}

/** The record's canonical JSON, as the database gives it back: or the record would seem altered. */
function storableText(record: CallRecord): string {
  const at = new Date(record.at).toISOString();
  const text = canonicalJson(record.at === at ? record : { ...record, at });
  // JSON writes both of what cannot be stored as escapes: in a text that has none, no member need be looked at.
  return text.includes('\\u') ? canonicalJson(JSON.parse(text, storable)) : text;
}

/**
 * PostgreSQL stores neither NUL nor half a surrogate pair, and one such text would keep its whole batch out for ever:
 * whoever asks for a tool by an odd name must not stop the log. Both become U+FFFD.
 */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? Buffer.from(value.replaceAll('\0', '\uFFFD')).toString() : value;
}

function whereOf({ severity, from, to, ...equal }: AuditFilter) {
  const at = {
    ...(from === undefined ? {} : { gte: new Date(from) }),
    ...(to === undefined ? {} : { lt: new Date(to) }),
  };
  return {
    ...Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined)),
    ...(Object.keys(at).length === 0 ? {} : { at }),
    ...(severity === undefined ? {} : { AND: [BY_SEVERITY[severity]] }),
  };
}

/** `severityOf`, as the database asks it. */
const LAB_FAILED = { outcome: { in: [...LAB_FAILURES] as string[] } };
const BY_SEVERITY = {
  info: {},
  notice: { OR: [{ decision: 'deny' }, { outcome: { not: 'ok' } }] },
  warning: { OR: [{ decision: 'deny' }, LAB_FAILED] },
  error: LAB_FAILED,
} satisfies Record<Severity, object>;

const recordOf = ({ cursor: _cursor, leafHash: _leafHash, at, ...row }: Row): CallRecord =>
  CallRecord.parse({ ...row, at: at.toISOString() });

const entry = (row: Row): AuditEntry => ({ ...recordOf(row), cursor: row.cursor.toString() });

const stored = (row: Row): StoredEntry => ({
  cursor: row.cursor,
  record: recordOf(row),
  leafHash: row.leafHash === null ? undefined : Buffer.from(row.leafHash),
});
