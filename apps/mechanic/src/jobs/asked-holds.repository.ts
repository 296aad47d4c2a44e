// Money that was asked for before its job was a row. What a crash, or a refusal, left of it is told, so that it goes back.
import { mechanic } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, Outbox, type Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

/** Longer than any submission may take. */
const LEFT_MINUTES = 10;
/** Events that are written in one transaction. */
const AT_ONCE = 200;

interface Row {
  readonly job_id: string;
  readonly owner: string;
}

@Injectable()
export class AskedHolds {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /** Before the Chancellor is asked. The statement that writes the jobs takes them away. */
  async ask(jobIds: readonly string[], owner: string): Promise<void> {
    const sql = 'INSERT INTO mechanic.asked_holds (job_id, owner) SELECT id, $2 FROM unnest($1::text[]) id';
    await this.database.pool.query(sql, [jobIds, owner]);
  }

  /** No job comes of them. */
  async drop(jobIds: readonly string[]): Promise<void> {
    for (let at = 0; at < jobIds.length; at += AT_ONCE) {
      const some = jobIds.slice(at, at + AT_ONCE);
      await this.#give(
        (tx) => tx.$queryRaw<Row[]>`
          DELETE FROM mechanic.asked_holds WHERE job_id = ANY(${some}::text[]) RETURNING job_id, owner`,
      );
    }
  }

  /** Those that no submission can be at any more; what is more than a few comes with the next look. */
  async dropLeft(): Promise<void> {
    // Each look asks, and next to none finds one.
    const { rows: left } = await this.database.pool.query(
      'SELECT FROM mechanic.asked_holds WHERE asked_at < clock_timestamp() - make_interval(mins => $1) LIMIT 1',
      [LEFT_MINUTES],
    );
    if (left.length === 0) return;
    await this.#give(
      (tx) => tx.$queryRaw<Row[]>`
        DELETE FROM mechanic.asked_holds WHERE job_id IN (
          SELECT job_id FROM mechanic.asked_holds WHERE asked_at < clock_timestamp() - make_interval(mins => ${LEFT_MINUTES})
           ORDER BY asked_at LIMIT ${AT_ONCE})
        RETURNING job_id, owner`,
    );
  }

  async #give(take: (tx: Prisma.TransactionClient) => Promise<Row[]>): Promise<void> {
    const given = await this.database.prisma.$transaction(async (tx) => {
      const rows = await take(tx);
      for (const { job_id: jobId, owner: walletId } of rows)
        await enqueueEvent(tx, mechanic.events.job_dropped, { jobId, walletId });
      return rows.length;
    });
    if (given > 0) this.outbox.poke();
  }
}
