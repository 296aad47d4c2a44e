// The audit log as the windows of behaviour read it: few columns, in the order of their place, page by page.
import type { ObservedCall } from '@labmesh/anomaly';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface RecordedCall extends ObservedCall {
  readonly cursor: bigint;
  readonly id: string;
  readonly callId: string;
  /**
   * False for what says nothing of its wallet: what agents did on their way (the outer call counts), and what was refused
   * because of an anomaly (or a block would prove itself right).
   */
  readonly counts: boolean;
}

interface Row {
  readonly cursor: string | bigint | number;
  readonly id: string;
  readonly call_id: string;
  readonly at_ms: number;
  readonly wallet_id: string | null;
  readonly credential_id: string | null;
  readonly agent: string;
  readonly tool: string;
  readonly decision: 'allow' | 'deny';
  readonly outcome: string;
  readonly input_hash: string | null;
  readonly input_bytes: number | null;
  readonly output_bytes: number | null;
  readonly counts: boolean;
}

@Injectable()
export class ObservedCallsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** At most `limit` after a cursor, oldest first; of one wallet only, when it is given. */
  async page(after: bigint, limit: number, walletId?: string): Promise<RecordedCall[]> {
    const { rows } = await this.database.pool.query<Row>(
      `SELECT "cursor", "id", "call_id", (extract(epoch FROM "at") * 1000)::float8 AS "at_ms", "wallet_id", "credential_id",
         "agent", "tool", "decision", "outcome", "input_hash", "input_bytes", "output_bytes",
         NOT (coalesce(cardinality("chain"), 0) > 0 OR ("decision" = 'deny' AND "about" ->> 'restriction' IS NOT NULL)) AS "counts"
       FROM "sentinel"."audit_records"
       WHERE "cursor" > $1 AND ($3::text IS NULL OR "wallet_id" = $3) ORDER BY "cursor" LIMIT $2`,
      [after.toString(), limit, walletId ?? null],
    );
    return rows.map(callOf);
  }

  /** The place right before the first record of a time; undefined when there is none since. */
  async before(at: Date): Promise<bigint | undefined> {
    const { rows } = await this.database.pool.query<{ first: string | null }>(
      'SELECT min("cursor")::text AS "first" FROM "sentinel"."audit_records" WHERE "at" >= $1::timestamptz',
      [at.toISOString()],
    );
    const first = rows[0]?.first ?? undefined;
    return first === undefined ? undefined : BigInt(first) - 1n;
  }

  /** How many records there are of a time. */
  async count(from: Date, to: Date): Promise<number> {
    const { rows } = await this.database.pool.query<{ many: string }>(
      'SELECT count(*)::text AS "many" FROM "sentinel"."audit_records" WHERE "at" >= $1::timestamptz AND "at" < $2::timestamptz',
      [from.toISOString(), to.toISOString()],
    );
    return Number(rows[0]?.many ?? 0);
  }
}

const callOf = (row: Row): RecordedCall => ({
  cursor: BigInt(row.cursor),
  id: row.id,
  callId: row.call_id,
  at: Number(row.at_ms),
  walletId: row.wallet_id,
  credentialId: row.credential_id,
  agent: row.agent,
  tool: row.tool,
  decision: row.decision,
  outcome: row.outcome,
  inputHash: row.input_hash,
  inputBytes: row.input_bytes ?? undefined,
  outputBytes: row.output_bytes ?? undefined,
  counts: row.counts,
});
