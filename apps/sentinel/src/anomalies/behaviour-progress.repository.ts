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
    const rows = await this.database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM "sentinel"."behaviour_progress"
      WHERE "name" = ${NAME} AND "holder" <> ${holder} AND "held_until" >= clock_timestamp()`;
    return rows.length === 0;
  }

  /** Whether the log has records that were not scored yet. */
  async isBehind(): Promise<boolean> {
    await this.#begin();
    const rows = await this.database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM "sentinel"."audit_records"
      WHERE "cursor" > (SELECT "cursor" FROM "sentinel"."behaviour_progress" WHERE "name" = ${NAME}) LIMIT 1`;
    return rows.length > 0;
  }

  /** The cursor to go on from, when this holder has the lease now: it was free, over, or its own. */
  async take(holder: string, leaseMs: number): Promise<bigint | undefined> {
    await this.#begin();
    const rows = await this.database.prisma.$queryRaw<Array<{ cursor: bigint }>>`
      UPDATE "sentinel"."behaviour_progress"
      SET "holder" = ${holder}, "held_until" = clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
      WHERE "name" = ${NAME} AND ("holder" IS NULL OR "holder" = ${holder} OR "held_until" < clock_timestamp())
      RETURNING "cursor"`;
    return rows[0]?.cursor;
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
    await this.database.prisma.$executeRaw`
      INSERT INTO "sentinel"."behaviour_progress" ("name", "cursor")
      SELECT ${NAME}, coalesce(max("cursor"), 0) FROM "sentinel"."audit_records" ON CONFLICT DO NOTHING`;
  }

  /** Lets the next replica go on at once. */
  async release(holder: string): Promise<void> {
    await this.database.prisma.$executeRaw`
      UPDATE "sentinel"."behaviour_progress" SET "holder" = NULL, "held_until" = NULL
      WHERE "name" = ${NAME} AND "holder" = ${holder}`;
  }
}
