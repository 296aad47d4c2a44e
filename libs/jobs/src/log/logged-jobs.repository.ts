// What a reader of logs must know of a job: whose it is, how far it is, and who writes the log of each attempt.
import type { JobState } from '@labmesh/contracts';
import type { Database } from '@labmesh/db';

export interface LoggedAttempt {
  readonly number: number;
  readonly state: 'placed' | 'running' | 'ended';
  /** Who writes its log. */
  readonly workerId: string | null;
}

export interface LoggedJob {
  readonly jobId: string;
  readonly owner: string;
  readonly state: JobState;
  /** Once it has ended for good. */
  readonly ended: boolean;
  /** By their numbers. */
  readonly attempts: readonly LoggedAttempt[];
}

interface Row extends Omit<LoggedJob, 'attempts'> {
  readonly attempts: LoggedAttempt[] | null;
}

const FIND = `SELECT j.id AS "jobId", j.owner, j.state, j.ended_at IS NOT NULL AS ended,
  (SELECT json_agg(json_build_object('number', a.number, 'state', a.state, 'workerId', a.worker_id) ORDER BY a.number)
    FROM mechanic.job_attempts a WHERE a.job_id = j.id) AS attempts
  FROM mechanic.jobs j WHERE j.id = $1`;

export class LoggedJobs {
  constructor(private readonly database: Database) {}

  /** Whoever asks must know that it may: this does not look whose it is. */
  async find(jobId: string): Promise<LoggedJob | undefined> {
    const { rows } = await this.database.pool.query<Row>(FIND, [jobId]);
    return rows[0] === undefined ? undefined : { ...rows[0], attempts: rows[0].attempts ?? [] };
  }
}
