// Artefacts and logs that were kept for as long as their job asked are given up, and files that were written for somebody a day ago:
// their rows go, and what nobody names any more the collector removes. Once an hour over all replicas.
import { BlobReferences } from '@labmesh/blobs';
import { DATABASE, type Database } from '@labmesh/db';
import { Lifecycle, LOGGER, type Logger, RecurringWork } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { WRITTEN_LONG_AGO } from '../monitoring/written-files.repository.js';

const HOUR_MS = 3_600_000;
const FIRST_MS = 60_000;
/** Jobs, or files, that are given up in one transaction. */
const AT_ONCE = 100;
const ROUNDS_MAX = 1_000;

/** The row of blob_upkeep with id 1 is the collector's. */
const BEGIN = `INSERT INTO mechanic.blob_upkeep AS upkeep (id, next_at) VALUES (2, now() + interval '1 hour')
  ON CONFLICT (id) DO UPDATE SET next_at = excluded.next_at WHERE upkeep.next_at <= now()`;

const OLD_FILES = `DELETE FROM mechanic.job_artifacts WHERE (job_id, kind, path) IN (
    SELECT job_id, kind, path FROM mechanic.job_artifacts WHERE expires_at <= now() LIMIT ${AT_ONCE})
  RETURNING blob_id AS "blobId"`;

/** A log goes whole. No job asks for less than a day. */
const OLD_LOGS = `DELETE FROM mechanic.job_log_chunks WHERE job_id IN (
    SELECT j.id FROM mechanic.jobs j
    WHERE j.ended_at < now() - interval '1 day'
      AND EXISTS (SELECT 1 FROM mechanic.job_log_chunks c WHERE c.job_id = j.id)
      AND j.ended_at < now() - make_interval(days => (j.spec ->> 'keepDays')::int)
    LIMIT ${AT_ONCE})
  RETURNING blob_id AS "blobId"`;

const OLD_WRITTEN = `DELETE FROM mechanic.written_files WHERE blob_id IN (
    SELECT blob_id FROM mechanic.written_files WHERE ${WRITTEN_LONG_AGO} LIMIT ${AT_ONCE})
  RETURNING blob_id AS "blobId"`;

@Injectable()
export class LogUpkeep implements OnModuleInit, OnModuleDestroy {
  readonly #work: RecurringWork;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BlobReferences) private readonly references: BlobReferences,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#work = new RecurringWork(
      () => this.whenDue(),
      HOUR_MS,
      (err) => log.warn({ err }, 'could not give up old logs and artefacts; it is tried again later'),
    );
  }

  onModuleInit(): void {
    this.lifecycle.onServing(() => this.#work.begin(FIRST_MS));
  }

  onModuleDestroy(): Promise<void> {
    return this.#work.stop();
  }

  /** Unless another replica has done it within the hour. @returns how many files and parts of logs went */
  async whenDue(): Promise<number> {
    const { rowCount } = await this.database.pool.query(BEGIN);
    return rowCount === 0 ? 0 : this.giveUp();
  }

  async giveUp(): Promise<number> {
    await this.#each(OLD_WRITTEN);
    const gone = (await this.#each(OLD_FILES)) + (await this.#each(OLD_LOGS));
    if (gone > 0) this.log.info({ gone }, 'gave up logs and artefacts that had been kept for as long as was asked');
    return gone;
  }

  async #each(remove: string): Promise<number> {
    let gone = 0;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const removed = await this.database.prisma.$transaction(async (tx) => {
        const rows = await tx.$queryRawUnsafe<Array<{ blobId: string }>>(remove);
        await this.references.release(
          tx,
          rows.map(({ blobId }) => blobId),
        );
        return rows.length;
      });
      gone += removed;
      if (removed === 0) break;
    }
    return gone;
  }
}
