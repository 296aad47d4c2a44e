// Money that was asked for before its job was a row. What a crash, or a refusal, left of it is told, so that it goes back.
import { mechanic } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, Outbox, type Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

/** Longer than any submission may take. */
const LEFT_MINUTES = 10;

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

  /** Before the Chancellor is asked. */
  async ask(jobId: string, owner: string): Promise<void> {
    await this.database.pool.query('INSERT INTO mechanic.asked_holds (job_id, owner) VALUES ($1, $2)', [jobId, owner]);
  }

  /** In the transaction that writes the job. False: it took so long that the money was given back. */
  async used(tx: Prisma.TransactionClient, jobId: string): Promise<boolean> {
    return (await tx.$executeRaw`DELETE FROM mechanic.asked_holds WHERE job_id = ${jobId}`) === 1;
  }

  /** No job comes of it. */
  drop(jobId: string): Promise<void> {
    return this.#give(
      (tx) => tx.$queryRaw<Row[]>`DELETE FROM mechanic.asked_holds WHERE job_id = ${jobId} RETURNING job_id, owner`,
    );
  }

  /** Those that no submission can be at any more. */
  dropLeft(): Promise<void> {
    return this.#give(
      (tx) => tx.$queryRaw<Row[]>`
        DELETE FROM mechanic.asked_holds WHERE asked_at < clock_timestamp() - make_interval(mins => ${LEFT_MINUTES})
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
