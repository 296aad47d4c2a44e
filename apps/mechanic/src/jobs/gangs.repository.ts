// The gangs of a wallet whose jobs have not ended: what a new job of one is measured by.
import { AppError, type JobSpec } from '@labmesh/contracts';
import { DATABASE, type Database, type Prisma } from '@labmesh/db';
import type { Load } from '@labmesh/jobs';
import { Inject, Injectable } from '@nestjs/common';

/** One of a gang, as it was submitted. */
export interface GangMate extends Load {
  readonly jobId: string;
  readonly size: number;
  /** Then it goes on by itself. */
  readonly hasBegun: boolean;
}

/** So many jobs are looked at for one that waits for its own gang; chains that are longer nobody makes. */
const WALK_MAX = 10_000;

const MATES = `
  SELECT id AS "jobId", gang_size AS size, attempts > 0 AS "hasBegun", executor, (spec ->> 'network')::boolean AS network,
         (spec #>> '{resources,diskMb}')::integer AS "diskMb", cpu_milli AS "cpuMilli", memory_mb AS "memoryMb", gpus
    FROM mechanic.jobs WHERE owner = $1 AND gang = $2 AND ended_at IS NULL ORDER BY submitted_at, id`;

/** From job to job that one waits for: those that it runs after, and while it has not begun the others of its gang. */
const WAITS_FOR = `
  WITH RECURSIVE walk AS (
    SELECT j.id FROM mechanic.jobs j WHERE (j.id = ANY($3::text[]) OR j.array_id = ANY($3::text[])) AND j.ended_at IS NULL
    UNION
    SELECT one.id FROM walk w JOIN mechanic.jobs j ON j.id = w.id, LATERAL (
        SELECT d.on_id AS id FROM mechanic.job_dependencies d WHERE d.job_id = j.id
        UNION ALL
        SELECT r.id FROM mechanic.job_array_dependencies d JOIN mechanic.jobs r ON r.array_id = d.array_id
         WHERE d.job_id = j.id AND NOT d.met
        UNION ALL
        SELECT m.id FROM mechanic.jobs m
         WHERE j.attempts = 0 AND m.owner = j.owner AND m.gang = j.gang AND m.attempts = 0 AND m.ended_at IS NULL) n
      JOIN mechanic.jobs one ON one.id = n.id AND one.ended_at IS NULL)
  SELECT j.id FROM (SELECT id FROM walk LIMIT ${WALK_MAX}) w JOIN mechanic.jobs j ON j.id = w.id
   WHERE j.owner = $1 AND j.gang = $2 AND j.attempts = 0 LIMIT 1`;

type Gang = NonNullable<JobSpec['gang']>;

export const gangOfAnotherSize = (gang: Gang, other: Pick<GangMate, 'jobId' | 'size'>): AppError =>
  new AppError(
    'conflict',
    `Cannot submit the job: its gang ${gang.name} has size ${other.size}, not ${gang.size}, by ${other.jobId}, which has not ended. Say that size, or give this gang another name.`,
  );

/**
 * Until the transaction ends nobody else adds to the gang: what is there now has the size that this one says.
 * @throws AppError conflict
 */
export async function keepGangSize(tx: Prisma.TransactionClient, owner: string, gang: Gang): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`mechanic:gang ${owner} ${gang.name}`}, 0))`;
  // A statement of its own sees what was committed before the lock was had.
  const [other] = await tx.$queryRaw<Pick<GangMate, 'jobId' | 'size'>[]>`
    SELECT id AS "jobId", gang_size AS size FROM mechanic.jobs
     WHERE owner = ${owner} AND gang = ${gang.name} AND ended_at IS NULL AND gang_size <> ${gang.size} LIMIT 1`;
  if (other !== undefined) throw gangOfAnotherSize(gang, other);
}

@Injectable()
export class Gangs {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  /** The jobs of a wallet's gang that have not ended, the oldest first. */
  async mates(owner: string, name: string): Promise<GangMate[]> {
    return (await this.database.pool.query<GangMate>(MATES, [owner, name])).rows;
  }

  /** A job of the gang that has not begun, and has to end before one after these may begin. */
  async before(owner: string, name: string, after: JobSpec['after']): Promise<string | undefined> {
    const ids = after.map(({ jobId }) => jobId);
    return (await this.database.pool.query<{ id: string }>(WAITS_FOR, [owner, name, ids])).rows[0]?.id;
  }
}
