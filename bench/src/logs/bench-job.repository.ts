// The rows of a job that runs, as the Mechanic and a worker write them: the bench brings the process and its log.
import type { Database } from '@labmesh/db';
import { v7 as uuidv7 } from 'uuid';

const NODE = `INSERT INTO mechanic.nodes (id, cpu_milli, memory_mb, gpus, executors, seen_at)
  VALUES ('bench', 1000, 1000, 0, '[]', now()) ON CONFLICT DO NOTHING`;
const WORKER = `INSERT INTO mechanic.workers (id, node_id, lease_until) VALUES ($1, 'bench', now() + interval '1 hour')`;
const JOB = `INSERT INTO mechanic.jobs (id, owner, role, name, spec_hash, spec, executor, state, labels, cpu_milli, memory_mb, wall_seconds, gpus)
  VALUES ($1, 'bench', 'operator', 'a job', '\\x00', '{"keepDays": 1}', 'process', 'running', '{}', 1000, 100, 60, 0)`;
const ATTEMPT = `INSERT INTO mechanic.job_attempts (job_id, number, node_id, worker_id, state, cpu_milli, memory_mb, gpu_indexes)
  VALUES ($1, 1, 'bench', $2, 'running', 1000, 100, '{}')`;
const END_ATTEMPT = `UPDATE mechanic.job_attempts SET state = 'ended', outcome = 'succeeded', ended_at = now() WHERE job_id = $1`;
const END_JOB = `UPDATE mechanic.jobs SET state = 'succeeded', ended_at = now() WHERE id = $1`;

export class BenchJobs {
  constructor(private readonly database: Database) {}

  async enroll(workerId: string): Promise<void> {
    await this.database.pool.query(NODE);
    await this.database.pool.query(WORKER, [workerId]);
  }

  async begin(workerId: string): Promise<string> {
    const jobId = `job_${uuidv7()}`;
    await this.database.pool.query(JOB, [jobId]);
    await this.database.pool.query(ATTEMPT, [jobId, workerId]);
    return jobId;
  }

  async end(jobId: string): Promise<void> {
    await this.database.pool.query(END_ATTEMPT, [jobId]);
    await this.database.pool.query(END_JOB, [jobId]);
  }
}
