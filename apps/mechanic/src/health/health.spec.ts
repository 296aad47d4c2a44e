// Health as the contract promises it, on a real embedded database and queue. Only what replicas answer is made up.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, type Responder, STATE_SUBJECT } from '@labmesh/bus';
import { AGENTS, AppError, describeSubject, mechanic } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { AttemptQueues, NodeRows } from '@labmesh/jobs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Machine } from '../machine/machine.js';
import { JobQueueRepository } from '../queue/job-queue.repository.js';
import { DatabaseRepository } from './database.repository.js';
import { GpuHolders } from './gpu-holders.js';
import { Health, HealthSources } from './health.js';
import { JobFiguresRepository } from './job-figures.repository.js';
import { MeshState } from './mesh-state.js';
import { RollCall } from './roll-call.js';

const silent = { warn: () => undefined };
const everyone: Record<string, Responder[]> = Object.fromEntries(
  AGENTS.map(({ name }) => [describeSubject(name), [{ body: { name, instance: `${name}-1` }, latencyMs: 1.5 }]]),
);

type Answers = Record<string, Responder[] | AppError>;
const busWith = (
  answers: Answers,
  ping: () => Promise<number> = async () => 0,
): Pick<Bus, 'kind' | 'ping' | 'scatter'> => ({
  kind: 'in-process',
  ping,
  scatter: async (subject) => {
    const answer = answers[subject] ?? [];
    if (answer instanceof AppError) throw answer;
    return answer;
  },
});

let folder: string;
let database: Database;
let queues: AttemptQueues;
let queue: JobQueueRepository;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-health-'));
  database = await openDatabase({ folder: join(folder, 'pg') });
  queues = new AttemptQueues({ config: {}, database });
  queue = new JobQueueRepository(queues, new NodeRows(database));
});

afterAll(async () => {
  await queues?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

function healthOver(
  bus: ReturnType<typeof busWith>,
  over: { database?: Pick<Database, 'kind' | 'ping'> } = {},
): Health {
  const figures = new JobFiguresRepository(database);
  const sources = new HealthSources(
    new RollCall(bus, silent),
    new MeshState(bus, silent),
    figures,
    new GpuHolders(bus, figures, silent),
    new DatabaseRepository(over.database ?? database),
    queue,
    new Machine({ home: folder }, silent),
  );
  return new Health(sources, bus, silent);
}

/** A job that waits for an hour, one that no worker takes, and one on a machine that is gone. */
async function someWork({ pool }: Database): Promise<void> {
  const workers = { here: "now() + interval '1 minute'", lost: "now() - interval '1 minute'" };
  for (const [node, lease] of Object.entries(workers)) {
    const executors = JSON.stringify([{ kind: 'process', version: null, enforced: {}, notes: ['no cgroup'] }]);
    await pool.query(
      `INSERT INTO mechanic.nodes (id, cpu_milli, memory_mb, gpus, executors, seen_at) VALUES ($1, 4000, 1000, 0, $2::jsonb, now())`,
      [node, executors],
    );
    await pool.query(
      `INSERT INTO mechanic.workers (id, node_id, lease_until, lease_ms) VALUES (gen_random_uuid(), $1, ${lease}, 60000)`,
      [node],
    );
  }
  const job = (id: string, state: string): string =>
    `INSERT INTO mechanic.jobs (id, owner, role, name, spec_hash, spec, executor, state, labels, cpu_milli, memory_mb, gpus, wall_seconds, ready_at)
     VALUES ('${id}', 'wal', 'citizen', 'a job', '\\x00', '{}', 'process', '${state}', '{}', 1000, 100, 0, 60, now() - interval '1 hour')`;
  for (const [id, state] of Object.entries({ a: 'waiting', b: 'starting', c: 'running' }))
    await pool.query(job(id, state));
  await pool.query(
    `INSERT INTO mechanic.job_attempts (job_id, number, node_id, worker_id, state, cpu_milli, memory_mb, gpu_indexes, placed_at)
     VALUES ('b', 1, 'here', NULL, 'placed', 1000, 100, '{}', now() - interval '2 minutes'),
            ('c', 1, 'lost', (SELECT id FROM mechanic.workers WHERE node_id = 'lost'), 'running', 1000, 100, '{}', now())`,
  );
}

describe('health', () => {
  it('is healthy when everything answers, and fits the contract', async () => {
    const health = await healthOver(busWith(everyone)).measure();
    expect(mechanic.tools.get_system_health.output.parse(health)).toEqual(health);
    expect(health).toMatchObject({
      status: 'healthy',
      database: { status: 'up', kind: 'embedded', message: null },
      queue: { status: 'up', kind: 'embedded', waiting: 0, active: 0, failed: 0 },
      bus: { status: 'up', kind: 'in-process' },
    });
    expect(health.services.map(({ name }) => name)).toEqual(AGENTS.map(({ name }) => name));
    expect(health.services.every(({ status, latencyMs }) => status === 'up' && latencyMs === 1.5)).toBe(true);
  });

  it('counts replicas, each once, and takes the quickest', async () => {
    const replies = [
      { body: { name: 'curator', instance: 'a' }, latencyMs: 4 },
      { body: { name: 'curator', instance: 'b' }, latencyMs: 2 },
      { body: { name: 'curator', instance: 'b' }, latencyMs: 3 },
      { body: { name: 'sentinel', instance: 'c' }, latencyMs: 1 },
      { body: 'nonsense', latencyMs: 1 },
    ];
    const health = await healthOver(busWith({ ...everyone, [describeSubject('curator')]: replies })).measure();
    expect(health.services[0]).toEqual({ name: 'curator', status: 'up', instances: 2, latencyMs: 2 });
  });

  it('is degraded when an agent is silent or the bus refuses', async () => {
    const answers = { ...everyone, [describeSubject('architect')]: new AppError('unavailable', 'No responder') };
    const health = await healthOver(busWith(answers)).measure();
    expect(health.status).toBe('degraded');
    expect(health.services.find(({ name }) => name === 'architect')).toEqual({
      name: 'architect',
      status: 'down',
      instances: 0,
      latencyMs: null,
    });
  });

  it('tells what is down, and still measures the rest', async () => {
    const gone = () => Promise.reject(new AppError('unavailable', 'It is gone.'));
    const health = await healthOver(busWith(everyone, gone), { database: { kind: 'postgres', ping: gone } }).measure();
    expect(health).toMatchObject({
      status: 'degraded',
      database: { status: 'down', kind: 'postgres', latencyMs: null, message: 'It is gone.' },
      bus: { status: 'down', message: 'It is gone.' },
      queue: { status: 'up' },
    });
    expect(health.memory.totalBytes).toBeGreaterThan(0);
  });

  it('makes one picture of what the processes tell, and says what to do about it', async () => {
    const told = (process: string, more: object): Responder => ({
      body: { process, host: 'here', recent: [], places: [], ...more },
      latencyMs: 1,
    });
    const recent = (ranges: Array<[number, number]>, failed: number) => [
      { name: 'curator', calls: ranges.reduce((sum, [, count]) => sum + count, 0), failed, ranges },
    ];
    const blobs = { place: 'blobs', path: '/blobs', totalBytes: 1_000, availableBytes: 20 };
    const states = [
      told('curator', { recent: recent([[80, 50]], 0), places: [blobs] }),
      told('gateway', {
        recent: recent(
          [
            [80, 40],
            [140, 10],
          ],
          10,
        ),
        places: [blobs],
        circuits: { curator: { circuit: 'open' }, sentinel: { circuit: 'closed' } },
      }),
      { body: 'nonsense', latencyMs: 1 },
    ];
    const health = await healthOver(busWith({ ...everyone, [STATE_SUBJECT]: states })).measure();
    expect(mechanic.tools.get_system_health.output.parse(health)).toEqual(health);
    const [curator] = health.latency;
    expect(curator).toMatchObject({ name: 'curator', calls: 100, failed: 10 });
    expect(curator?.p50Ms).toBeGreaterThan(90);
    expect(curator?.p50Ms).toBeLessThan(110);
    expect(curator?.p99Ms).toBeGreaterThan(15_000);
    expect(health.circuits).toEqual([{ process: 'gateway', host: 'here', agent: 'curator', state: 'open' }]);
    expect(health.disks).toEqual([{ host: 'here', processes: ['curator', 'gateway'], ...blobs }]);
    expect(health.status).toBe('degraded');
    expect(health.reasons[0]).toMatchObject({ part: 'disk:blobs', severity: 'critical' });
    const parts = health.reasons.map(({ part }) => part);
    expect(parts).toEqual(expect.arrayContaining(['calls:curator', 'latency:curator', 'circuit:curator']));
    expect(health.reasons.every(({ message, advice }) => /\.$/.test(message) && /\.$/.test(advice))).toBe(true);
  });

  it('knows jobs, nodes and workers, and what is wrong with them', async () => {
    const empty = await healthOver(busWith(everyone)).measure();
    expect(empty).toMatchObject({ jobs: { waiting: 0, running: 0, oldestWaitingSeconds: null }, nodes: [] });
    await someWork(database);
    const health = await healthOver(busWith(everyone)).measure();
    expect(mechanic.tools.get_system_health.output.parse(health)).toEqual(health);
    expect(health.jobs).toMatchObject({ waiting: 1, starting: 1, running: 1 });
    expect(health.jobs?.oldestWaitingSeconds).toBeGreaterThan(3_599);
    const [here, lost] = health.nodes;
    expect(here).toMatchObject({ node: 'here', state: 'ready', placed: 1, running: 0, notes: ['process: no cgroup'] });
    expect(here?.oldestPlacedSeconds).toBeGreaterThan(119);
    expect(here?.workers[0]?.leaseLeftSeconds).toBeGreaterThan(50);
    expect(lost).toMatchObject({ node: 'lost', state: 'gone', running: 1 });
    expect(lost?.workers[0]?.leaseLeftSeconds).toBeLessThan(0);
    expect(health.reasons.map(({ part, severity }) => [part, severity])).toEqual([
      ['node:lost', 'critical'],
      ['queue:age', 'warning'],
      ['node:here', 'warning'],
    ]);
    expect(health.prometheus).toContain('labmesh_jobs{state="waiting"} 1\n');
    expect(health.prometheus).toContain('labmesh_nodes{state="gone"} 1\n');
    await database.pool.query('TRUNCATE mechanic.jobs, mechanic.nodes, mechanic.workers CASCADE');
  });

  it('says the same as Prometheus text', async () => {
    const answers = { ...everyone, [describeSubject('librarian')]: [] };
    const { prometheus, memory } = await healthOver(busWith(answers)).measure();
    expect(prometheus).toContain('labmesh_healthy 0\n');
    expect(prometheus).toContain('labmesh_service_up{service="curator"} 1\n');
    expect(prometheus).toContain('labmesh_service_up{service="librarian"} 0\n');
    expect(prometheus).not.toContain('labmesh_service_latency_seconds{service="librarian"}');
    expect(prometheus).toContain('labmesh_dependency_up{dependency="queue",kind="embedded"} 1\n');
    expect(prometheus).toContain(`labmesh_memory_total_bytes ${memory.totalBytes}\n`);
    expect(prometheus).toContain('labmesh_queue_jobs{state="waiting"} 0\n');
  });
});
