// From the call that submits a job to the beginning of its process, through MCP at the gateway, one job after the other: a lab as
// `npm start` runs it, with its queue on its own database or on Redis.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectLab, freePort, type LabClient, temporaryFolder } from '@labmesh/testing';
import { atMost, type Figure, type Floor, round } from '../report.js';
import { startedBy } from '../start/timed-process.js';
import { quantile } from '../timed.js';

const START = fileURLToPath(new URL('../../../tools/start.mjs', import.meta.url));
const JOBS = 60;
/** The first ones load programs and open the queue. */
const WARM = 10;
const LOOKS = 3_000;
/** Rarely, and not at once: four statements of whoever looks stand before the job's own in the one queue of an embedded database. */
const LOOK_MS = 100;

interface Job {
  readonly jobId: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly state: string;
}

const TINY = { command: ['true'], network: true, resources: { cpus: 0.1, memoryMb: 64, wallSeconds: 60 } };

export async function startFigures(
  queue: string,
  env: Readonly<Record<string, string>>,
  limitMs: number,
): Promise<{ figures: Figure[]; floors: Floor[] }> {
  const home = await temporaryFolder('bench-jobs');
  const port = await freePort();
  const wide = { PORT: String(port), LABMESH_HOME: home, LABMESH_LOG_LEVEL: 'silent' };
  const lab = await startedBy('LabMesh is ready', [START], { ...wide, ...env });
  try {
    const token = readFileSync(join(home, 'operator.token'), 'utf8').trim();
    await using client = await connectLab({ url: `http://127.0.0.1:${port}/mcp`, token });
    const times: number[] = [];
    for (let count = 0; count < WARM + JOBS; count++) {
      const ms = await startOf(client, count);
      if (count >= WARM) times.push(ms);
    }
    times.sort((a, b) => a - b);
    const p50 = round(quantile(times, 0.5));
    const title = `submit to process start, queue on ${queue}`;
    return {
      figures: [{ case: title, values: { 'p50 ms': p50, 'p99 ms': round(quantile(times, 0.99)) } }],
      floors: [atMost(`${title}, p50 ms`, p50, limitMs)],
    };
  } finally {
    await lab.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/** Milliseconds from before the call to what the database says of the process: both clocks are this machine's. */
async function startOf(client: LabClient, count: number): Promise<number> {
  const before = Date.now();
  const { job } = await client.call<{ job: Job }>('mechanic_orchestrate_training_job', {
    name: `bench ${count}`,
    ...TINY,
  });
  for (let look = 0; look < LOOKS; look++) {
    await pause(LOOK_MS);
    const { startedAt, endedAt, state } = await client.call<Job>('mechanic_get_job', { jobId: job.jobId });
    if (endedAt !== null) {
      if (startedAt === null) throw new Error(`a job of the bench ended as ${state} before it began`);
      return Date.parse(startedAt) - before;
    }
  }
  throw new Error('a job of the bench never ended');
}
