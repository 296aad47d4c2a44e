// Workers as processes of their own that are killed: what they ran has ended with them, each attempt is lost once, and its job goes
// on elsewhere from its last checkpoint. The build has to be there, as for whoever starts a worker.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AttemptQueues, jobMark } from '@labmesh/jobs';
import { Child, freePort, natsServer, redisServer, runs, type TestServer, temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverBed, submit } from '../../../libs/jobs/src/bed.testing.js';
import { belonging } from './executors/process/process-table.js';

const ROOT = join(import.meta.dirname, '../../..');
const NODE = 'lost-workers';
const SMALL = { memoryMb: 32, diskMb: 16, cpus: 0.1, wallSeconds: 120 };
const JOBS = runs(500);
/** Each when a further share of the jobs has ended: how fast the machine is decides nothing. */
const KILLS = runs(15);
const UNTAKEN_MS = 3_000;
/** Ends what hangs: a busy machine takes long to start a worker, and many are killed. */
const MANY_MS = 1_200_000;

describe.runIf(process.platform === 'linux')('workers that are killed', () => {
  const bed = serverBed();
  let [home, redis, nats] = ['' as string, undefined as TestServer | undefined, undefined as TestServer | undefined];
  let queues: AttemptQueues;
  const children: Child[] = [];

  beforeAll(async () => {
    home = await temporaryFolder('lost-workers');
    [redis, nats] = await Promise.all([redisServer(), natsServer()]);
    queues = new AttemptQueues({ config: { redisUrl: redis.url }, database: bed().database });
  });
  afterAll(async () => {
    await Promise.all(children.map((child) => child.stop()));
    await queues?.close();
    await Promise.all([redis?.[Symbol.asyncDispose](), nats?.[Symbol.asyncDispose]()]);
    await rm(home, { recursive: true, force: true });
  });

  const worker = async (): Promise<Child> => {
    const port = await freePort();
    const child = new Child({
      command: process.execPath,
      args: ['apps/worker/dist/main.js'],
      cwd: ROOT,
      env: {
        DATABASE_URL: bed().database.pool.options.connectionString ?? '',
        ...{
          NATS_URL: nats?.url ?? '',
          REDIS_URL: redis?.url ?? '',
          BLOBS_URL: pathToFileURL(join(home, 'blobs')).href,
        },
        ...{ PORT: String(port), LABMESH_HOME: home, LABMESH_NODE: NODE, LABMESH_WORKER_LEASE_SECONDS: '4' },
        ...{ LABMESH_WORKER_CPUS: '1', LABMESH_WORKER_MEMORY_MB: '512', LABMESH_WORKER_GPUS: '0' },
      },
    });
    children.push(child);
    await child.until(
      async () => (await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined))?.ok === true,
    );
    return child;
  };
  /** What a Mechanic does again and again. */
  const tend = async (): Promise<void> => {
    for (const { jobId, number, node } of await bed().placement.place()) await queues.add(node, { jobId, number });
    const { untaken } = await bed().sweep.sweep(UNTAKEN_MS);
    for (const { jobId, number, node } of untaken) await queues.add(node, { jobId, number }, true);
  };
  const count = async (sql: string, values: unknown[] = []): Promise<number> =>
    Number((await bed().database.pool.query<{ n: number }>(`SELECT (${sql})::int AS n`, values)).rows[0]?.n);
  const alive = () => count('SELECT count(*) FROM mechanic.jobs WHERE ended_at IS NULL');

  it('a job whose worker is killed with -9 ends with it, and goes on once from its checkpoint', async () => {
    const first = await worker();
    const script =
      'n=$(cat cp/n 2>/dev/null || echo 0); echo $((n + 1)) > cp/n; [ $n -ge 1 ] || (setsid sleep 300 &) ; [ $n -ge 1 ] || sleep 300';
    const jobId = await submit(bed(), { command: ['sh', '-c', script], checkpoints: 'cp', resources: SMALL });
    const kept = () =>
      count(`SELECT count(*) FROM mechanic.job_artifacts WHERE job_id = $1 AND kind = 'checkpoint'`, [jobId]);
    await expect.poll(() => tend().then(kept)).toBe(1);
    const left = () => belonging({ mark: jobMark({ jobId, number: 1 }), roots: [] });
    expect(left().length).toBeGreaterThan(1);
    await first.crash();
    await expect.poll(left).toEqual([]);
    await worker();
    await expect.poll(() => tend().then(alive)).toBe(0);
    const whole = await bed().jobs.whole(jobId);
    expect(whole?.job).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect(whole?.history.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['lost', 'worker_lost'],
      ['succeeded', 'finished'],
    ]);
  });

  it(
    `${JOBS} short jobs with workers killed at random: each ends once, none succeeds twice, nothing is taken twice or left`,
    async () => {
      const ids = new Set<string>();
      for (let n = 0; n < JOBS; n += 1)
        ids.add(await submit(bed(), { command: ['sh', '-c', 'sleep 0.0$(($$ % 9))'], resources: SMALL }));
      const running = [await worker(), await worker()];
      let [most, killed] = [0, 0];
      let beginning: Promise<unknown> = Promise.resolve();
      await expect
        .poll(
          async () => {
            await tend();
            most = Math.max(
              most,
              await count(`SELECT coalesce(sum(cpu_milli), 0) FROM mechanic.job_attempts WHERE state <> 'ended'`),
            );
            const left = await alive();
            const isDue = JOBS - left >= ((killed + 1) * JOBS) / (KILLS + 1);
            const [victim] = isDue && killed < KILLS ? running.splice(killed % running.length, 1) : [];
            if (victim !== undefined) {
              await victim.crash();
              killed += 1;
              // The others go on meanwhile.
              beginning = beginning.then(worker).then((one) => running.push(one));
            }
            return left;
          },
          { timeout: MANY_MS },
        )
        .toBe(0);
      await beginning;
      expect(killed).toBe(KILLS);
      expect(most).toBeLessThanOrEqual(1_000);
      const ended = await bed().database.pool.query<{ id: string; succeeded: number; alive: number }>(
        `SELECT j.id, count(*) FILTER (WHERE a.outcome = 'succeeded')::int AS succeeded, count(*) FILTER (WHERE a.state <> 'ended')::int AS alive
         FROM mechanic.jobs j LEFT JOIN mechanic.job_attempts a ON a.job_id = j.id WHERE j.id = ANY($1) AND j.state = 'succeeded' GROUP BY j.id`,
        [[...ids]],
      );
      expect(ended.rows.length).toBe(JOBS);
      expect(ended.rows.filter(({ succeeded, alive: still }) => succeeded !== 1 || still !== 0)).toEqual([]);
      const told = await count(`SELECT count(*) FROM mechanic.outbox WHERE payload #>> '{payload,jobId}' = ANY($1)`, [
        [...ids],
      ]);
      expect(told).toBe(JOBS);
    },
    MANY_MS,
  );
});
