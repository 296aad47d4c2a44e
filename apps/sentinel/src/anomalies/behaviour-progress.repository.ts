// How far the audit log was scored, and the lease of the one replica that goes on. The database's clock counts, no replica's own.
import { AppError } from '@labmesh/contracts';
import { DATABASE, type Database, type Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

/** Of the one row. */
const NAME = 'behaviour';

export interface Advance {
  readonly holder: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly leaseMs: number;
}

@Injectable()
export class BehaviourProgressRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** True where no other process has this database: all that is stored is stored by this one. */
  get alone(): boolean {
    return this.database.kind === 'embedded';
  }

  /** Whether this holder could have the lease now. */
  async isFree(holder: string): Promise<boolean> {
    const { rows } = await this.database.pool.query(
      `SELECT FROM "sentinel"."behaviour_progress"
       WHERE "name" = $1 AND "holder" <> $2 AND "held_until" >= clock_timestamp()`,
      [NAME, holder],
    );
    return rows.length === 0;
  }

  /** Whether the log has records that were not scored yet. */
  async isBehind(): Promise<boolean> {
    await this.#begin();
    const { rows } = await this.database.pool.query(
      `SELECT FROM "sentinel"."audit_records"
       WHERE "cursor" > (SELECT "cursor" FROM "sentinel"."behaviour_progress" WHERE "name" = $1) LIMIT 1`,
      [NAME],
    );
    return rows.length > 0;
  }

  /** The cursor to go on from, when this holder has the lease now: it was free, over, or its own. */
  async take(holder: string, leaseMs: number): Promise<bigint | undefined> {
    await this.#begin();
    const { rows } = await this.database.pool.query<{ cursor: string }>(
      `UPDATE "sentinel"."behaviour_progress"
       SET "holder" = $2, "held_until" = clock_timestamp() + $3::int * interval '1 millisecond'
       WHERE "name" = $1 AND ("holder" IS NULL OR "holder" = $2 OR "held_until" < clock_timestamp())
       RETURNING "cursor"`,
      [NAME, holder, leaseMs],
    );
    return rows[0] && BigInt(rows[0].cursor);
  }

  /**
   * Moves the cursor on in the transaction that stores what was found up to there, so that nothing counts twice and nothing is
   * left out. @throws AppError conflict when the lease went to another
   */
  async advance(tx: Prisma.TransactionClient, { holder, from, to, leaseMs }: Advance): Promise<void> {
    const moved = await tx.$executeRaw`
      UPDATE "sentinel"."behaviour_progress"
      SET "cursor" = ${to}, "held_until" = clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
      WHERE "name" = ${NAME} AND "holder" = ${holder} AND "cursor" = ${from} AND "held_until" > clock_timestamp()`;
    if (moved !== 1) throw new AppError('conflict', 'Another replica scores behaviour now: this one begins anew');
  }

  /** A log from before there were models is not gone through: scan_for_anomalies looks back. */
  async #begin(): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO "sentinel"."behaviour_progress" ("name", "cursor")
       SELECT $1, coalesce(max("cursor"), 0) FROM "sentinel"."audit_records" ON CONFLICT DO NOTHING`,
      [NAME],
    );
  }

  /** Lets the next replica go on at once. */
  async release(holder: string): Promise<void> {
    await this.database.pool.query(
      `UPDATE "sentinel"."behaviour_progress" SET "holder" = NULL, "held_until" = NULL WHERE "name" = $1 AND "holder" = $2`,
      [NAME, holder],
    );
  }
}
