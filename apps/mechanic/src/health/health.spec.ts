// Health as the contract promises it, on a real embedded database and queue. Only what replicas answer is made up.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bus, Responder } from '@labmesh/bus';
import { AGENTS, AppError, describeSubject, mechanic } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Machine } from '../machine/machine.js';
import { JobQueueRepository } from '../queue/job-queue.repository.js';
import { DatabaseRepository } from './database.repository.js';
import { Health } from './health.js';
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
let queue: JobQueueRepository;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-health-'));
  database = await openDatabase({ folder: join(folder, 'pg') });
  queue = new JobQueueRepository({}, database);
});

afterAll(async () => {
  await queue?.onModuleDestroy();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

function healthOver(
  bus: ReturnType<typeof busWith>,
  over: { database?: Pick<Database, 'kind' | 'ping'> } = {},
): Health {
  const machine = new Machine({ home: folder }, silent);
  const probed = new DatabaseRepository(over.database ?? database);
  return new Health(new RollCall(bus, silent), probed, queue, bus, machine, silent);
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
