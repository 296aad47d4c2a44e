// Logs and artefacts on a database and a place for bytes of their own, with a worker that writes: for specs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobReferences, openBlobs } from '@labmesh/blobs';
import { type Call, type LogEnd, type LogPage, mechanic, ROLE_PERMISSIONS, type Role } from '@labmesh/contracts';
import { openDatabase } from '@labmesh/db';
import {
  bytesOfPiece,
  JobLogs,
  KeptChunks,
  LogAnswer,
  LogChunks,
  LoggedJobs,
  LogLocator,
  LogReader,
} from '@labmesh/jobs';
import { v7 as uuidv7 } from 'uuid';
import { ArtifactFiles } from './artifact-files.js';
import { Artifacts } from './artifacts.repository.js';
import { mechanicBlobs } from '../mechanic.blobs.js';
import { WrittenFiles } from '../monitoring/written-files.repository.js';
import { JobBlobs } from './job-blobs.js';
import { LogAccess } from './log-access.js';
import { LogStream } from './log-stream.js';

export interface LogsOptions {
  readonly databaseUrl?: string;
  readonly chunkBytes?: number;
}

export async function logsLab({ databaseUrl, chunkBytes = 64 * 1024 }: LogsOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'labmesh-logs-'));
  const database = await openDatabase({
    folder: join(folder, 'pg'),
    ...(databaseUrl === undefined ? {} : { url: databaseUrl }),
  });
  const blobs = await openBlobs({ folder: join(folder, 'blobs') });
  const references = new BlobReferences({ database, store: blobs.of('mechanic'), agent: 'mechanic' });
  const chunks = new LogChunks(database, references);
  const workers = new Map<string, JobLogs>();
  const asked = { read: 0, marks: 0 };
  const run = (sql: string, values: unknown[] = []) => database.pool.query(sql, values);

  const reader = () =>
    new LogReader({
      jobs: new LoggedJobs(database),
      chunks,
      kept: new KeptChunks(references.store),
      ask: async (workerId, question) => {
        asked[question.kind] += 1;
        const answer = await workers.get(workerId)?.answer(question);
        // As the bus carries it.
        return answer === undefined ? undefined : LogAnswer.parse(JSON.parse(JSON.stringify(answer)));
      },
    });

  /** A process that runs attempts; another one with the same id is the same after a restart. */
  async function worker(id: string = uuidv7()) {
    const logs = new JobLogs({ folder: join(folder, 'jobs'), chunks, chunkBytes });
    workers.set(id, logs);
    await run(`INSERT INTO mechanic.nodes (id, cpu_milli, memory_mb, gpus, executors, seen_at)
      VALUES ('here', 1000, 1000, 0, '[]', now()) ON CONFLICT DO NOTHING`);
    await run(
      `INSERT INTO mechanic.workers (id, node_id, lease_until) VALUES ($1, 'here', now() + interval '1 hour') ON CONFLICT DO NOTHING`,
      [id],
    );
    return { id, logs };
  }

  async function job(owner: string, keepDays = 90): Promise<string> {
    const jobId = `job_${uuidv7()}`;
    await run(
      `INSERT INTO mechanic.jobs (id, owner, role, name, spec_hash, spec, executor, state, labels, cpu_milli, memory_mb, wall_seconds, gpus)
       VALUES ($1, $2, 'researcher', 'a job', '\\x00', $3, 'process', 'waiting', '{}', 1000, 100, 60, 0)`,
      [jobId, owner, JSON.stringify({ keepDays })],
    );
    return jobId;
  }

  /** An attempt that a worker has claimed, with its log. */
  async function attempt(jobId: string, number: number, { id, logs }: { id: string; logs: JobLogs }) {
    await run(
      `INSERT INTO mechanic.job_attempts (job_id, number, node_id, worker_id, state, cpu_milli, memory_mb, gpu_indexes)
       VALUES ($1, $2, 'here', $3, 'running', 1000, 100, '{}')`,
      [jobId, number, id],
    );
    await run(`UPDATE mechanic.jobs SET state = 'running', attempts = $2 WHERE id = $1`, [jobId, number]);
    return logs.open({ jobId, number });
  }

  async function end(jobId: string, number: number, state: 'succeeded' | 'failed' | 'waiting' = 'succeeded') {
    const ended = state === 'waiting' ? 'NULL' : 'now()';
    await run(
      `UPDATE mechanic.job_attempts SET state = 'ended', outcome = 'failed', ended_at = now() WHERE job_id = $1 AND number = $2`,
      [jobId, number],
    );
    await run(`UPDATE mechanic.jobs SET state = $2, ended_at = ${ended} WHERE id = $1`, [jobId, state]);
  }

  /** A replica of the Mechanic. */
  function replica() {
    const own = reader();
    const access = new LogAccess(own);
    const artifacts = new Artifacts(database);
    const locator = new LogLocator(own, new KeptChunks(references.store));
    return {
      reader: own,
      stream: new LogStream(own, locator, access),
      files: new ArtifactFiles(access, artifacts, references),
      written: new WrittenFiles(database, references),
      blobs: mechanicBlobs(new JobBlobs(access, artifacts, references), new WrittenFiles(database, references)),
    };
  }

  return {
    ...{ folder, database, references, asked, run, worker, job, attempt, end, replica, workers },
    async [Symbol.asyncDispose]() {
      await database.close();
      await blobs.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type LogsLab = Awaited<ReturnType<typeof logsLab>>;
export type Replica = ReturnType<LogsLab['replica']>;

export function callOf(walletId: string, role: Role = 'researcher', signal = new AbortController().signal): Call {
  const principal = { walletId, role, permissions: ROLE_PERMISSIONS[role], credentialId: 'test' };
  return { id: uuidv7(), principal, chain: [], deadline: Date.now() + 600_000, signal, pass: '' };
}

type Wanted = Parameters<LogStream['stream']>[0];

export interface Told {
  /** Bytes by stream, and all of them in order. */
  readonly stdout: string;
  readonly stderr: string;
  readonly all: string;
  readonly pages: readonly LogPage[];
  readonly end: LogEnd;
}

/** One call of stream_logs, as the agent kit makes it: input through the contract. */
export async function ask({ stream }: Replica, input: object, call: Call): Promise<Told> {
  const wanted = mechanic.tools.stream_logs.input.parse(input) as Wanted;
  const pages: LogPage[] = [];
  const telling = stream.stream(wanted, call);
  for (;;) {
    const next = await telling.next();
    if (next.done === true) {
      const pieces = [...pages.flatMap((page) => page.pieces), ...next.value.pieces];
      const textOf = (name?: string): string =>
        Buffer.concat(pieces.filter((one) => name === undefined || one.stream === name).map(bytesOfPiece)).toString(
          'latin1',
        );
      return { stdout: textOf('stdout'), stderr: textOf('stderr'), all: textOf(), pages, end: next.value };
    }
    pages.push(mechanic.tools.stream_logs.progress.parse(next.value));
  }
}

/** Follows until the end mark, call by call as a client does. */
export async function followAll(replicas: () => Replica, input: object, call: Call) {
  const told = { stdout: '', stderr: '', all: '', calls: 0, cursor: '' };
  for (let cursor: string | undefined; told.calls < 10_000; ) {
    const one = await ask(replicas(), { ...input, ...(cursor === undefined ? {} : { cursor }), follow: true }, call);
    told.stdout += one.stdout;
    told.stderr += one.stderr;
    told.all += one.all;
    told.calls += 1;
    told.cursor = cursor = one.end.cursor;
    if (one.end.ended) return { ...told, state: one.end.state };
  }
  throw new Error('the log had no end');
}
