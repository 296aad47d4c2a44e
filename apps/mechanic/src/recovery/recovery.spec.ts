// Recovery on real rows, a real queue and a real process: what it would do, what it does, and how often.
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BlobReferences, openBlobs } from '@labmesh/blobs';
import { type Bus, CIRCUITS_SUBJECT, JOBS_SUBJECT, NODE_SUBJECT, type Responder } from '@labmesh/bus';
import { mechanic, type RecoveryKind } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { AttemptQueues, endMarked, JobRows, MARK_VARIABLE, NodeRows } from '@labmesh/jobs';
import { temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GpuHolder } from '../health/gpu-holders.js';
import { JobInheritance } from '../jobs/job-inheritance.repository.js';
import { CircuitFinder } from './circuit-finder.js';
import { JobFinder, RecoveryHands } from './job-finder.js';
import { JobTroublesRepository } from './job-troubles.repository.js';
import { Recovery } from './recovery.js';
import { RecoveryLog } from './recovery-log.repository.js';
import { Restarts } from './restarts.repository.js';

const { input, output } = mechanic.tools.automated_recovery;
const OPERATOR = { principal: { walletId: 'wal_operator' } } as never;
const [LOST, PLACED, GIVEN_UP, ENDED] = ['a', 'b', 'c', 'd'].map(
  (end) => `job_01990000-0000-7000-8000-00000000000${end}`,
) as [string, string, string, string];
const silent = { warn: () => undefined, info: () => undefined };

let folder: string;
let database: Database;
let queues: AttemptQueues;
let holders: GpuHolder[];
let circuits: Array<{ process: string; host: string; agent: string; state: 'open' | 'half_open' }>;
let told: Array<[subject: string, body: unknown]>;
let recovery: Recovery;
let log: RecoveryLog;

beforeAll(async () => {
  folder = await temporaryFolder('recovery');
  database = await openDatabase({ folder: join(folder, 'pg') });
  queues = new AttemptQueues({ config: {}, database });
  const blobs = await openBlobs({ folder: join(folder, 'blobs') });
  const bus: Pick<Bus, 'broadcast' | 'scatter'> = {
    broadcast: (subject, body) => void told.push([subject, body]),
    scatter: async (subject, body): Promise<Responder[]> => {
      const { attempts } = body as { attempts: Array<{ jobId: string; number: number }> };
      expect(subject).toBe(NODE_SUBJECT);
      const ended = await endMarked(
        attempts,
        holders.map(({ pid }) => pid),
      );
      return [{ body: { node: 'here', host: hostname(), gpuProcesses: [], ended }, latencyMs: 1 }];
    },
  };
  const poke = { poke: () => undefined };
  const hands = new RecoveryHands(bus, { soon: () => undefined }, queues, new NodeRows(database));
  const references = new BlobReferences({ database, store: blobs.of('mechanic'), agent: 'mechanic' });
  const restarts = new Restarts(database, new JobRows(database), new JobInheritance(database), references);
  const jobs = new JobFinder(new JobTroublesRepository(database), restarts, { find: async () => holders }, hands);
  const mesh = { ask: async () => ({ latency: [], disks: [], circuits }) };
  const up = { name: 'curator', status: 'up', instances: 1, latencyMs: 1 } as const;
  log = new RecoveryLog(database, poke);
  recovery = new Recovery(jobs, new CircuitFinder(bus, mesh, { take: async () => [up] }), log, silent);
});

afterAll(async () => {
  await queues?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  [holders, circuits, told] = [[], [], []];
  await database.pool.query(
    'TRUNCATE mechanic.jobs, mechanic.nodes, mechanic.workers, mechanic.recovery_actions, mechanic.outbox CASCADE',
  );
});

const sql = (text: string): Promise<unknown> => database.pool.query(text);
const recover = async (wishes: object) => {
  const answer = await recovery.recover(input.parse(wishes), OPERATOR);
  expect(output.parse(answer)).toEqual(answer);
  return answer;
};
const outcomes = async (wishes: object) =>
  (await recover(wishes)).actions.map(({ kind, target, outcome }) => [kind, target, outcome]);

const node = (name: string, leaseSeconds: number): Promise<unknown> =>
  sql(`WITH n AS (INSERT INTO mechanic.nodes (id, cpu_milli, memory_mb, gpus, executors, seen_at) VALUES ('${name}', 4000, 1000, 0, '[]', now()) RETURNING id)
    INSERT INTO mechanic.workers (id, node_id, lease_until, lease_ms) SELECT gen_random_uuid(), id, now() + interval '${leaseSeconds} seconds', 10000 FROM n`);
const job = (id: string, state: string, more = ''): Promise<unknown> =>
  sql(`INSERT INTO mechanic.jobs (id, owner, role, name, spec_hash, spec, executor, state, labels, cpu_milli, memory_mb, gpus, wall_seconds, attempts, reason, ended_at)
    VALUES ('${id}', 'wal_owner', 'citizen', 'a job', '\\x00', '{"name":"a job","command":["true"],"executor":"process","priority":0,"labels":{},"tries":1,
      "backoffSeconds":0,"resources":{"cpus":1,"memoryMb":100,"gpus":0,"wallSeconds":60,"diskMb":10}}', 'process', '${state}', '{}', 1000, 100, 0, 60, 1,
      ${more === '' ? 'NULL, NULL' : `'${more}', now()`})`);
const attempt = (id: string, on: string, state: 'placed' | 'running' | 'ended', reason = ''): Promise<unknown> =>
  sql(`INSERT INTO mechanic.job_attempts (job_id, number, node_id, worker_id, state, cpu_milli, memory_mb, gpu_indexes, placed_at, ended_at, outcome, reason)
    VALUES ('${id}', 1, '${on}', ${state === 'placed' ? 'NULL' : `(SELECT id FROM mechanic.workers WHERE node_id = '${on}')`}, '${state}', 1000, 100, '{}',
      now() - interval '5 minutes', ${state === 'ended' ? `now(), 'failed', '${reason}'` : 'NULL, NULL, NULL'})`);
const stateOf = async (id: string) => (await new JobRows(database).find(id))?.state;

describe('recovery', () => {
  it('says what it would do and changes nothing, then does it once', async () => {
    await node('gone', -60);
    await job(LOST, 'running');
    await attempt(LOST, 'gone', 'running');
    expect(await outcomes({})).toEqual([['requeue_lost', `${LOST}.1`, 'would']]);
    expect(await stateOf(LOST)).toBe('running');
    expect((await recover({})).recent).toEqual([]);
    const { actions, recent } = await recover({ dryRun: false });
    expect(actions).toMatchObject([{ kind: 'requeue_lost', outcome: 'done', message: 'The job is waiting.' }]);
    expect(await stateOf(LOST)).toBe('waiting');
    expect(recent).toMatchObject([{ kind: 'requeue_lost', by: 'wal_operator', outcome: 'done', target: `${LOST}.1` }]);
    expect(told).toContainEqual([JOBS_SUBJECT, { jobId: LOST, kind: 'changed' }]);
    const events = await database.pool.query<{ subject: string; payload: object }>(
      'SELECT subject, payload FROM mechanic.outbox',
    );
    expect(events.rows).toContainEqual({
      subject: 'labmesh.event.mechanic.recovery_done',
      payload: expect.objectContaining({
        payload: expect.objectContaining({ kind: 'requeue_lost', by: 'wal_operator', outcome: 'done' }),
      }),
    });
    expect(await outcomes({ dryRun: false })).toEqual([]);
  });

  it('delivers what no worker took, and takes back what stands where none is', async () => {
    await node('here', 60);
    await node('gone', -60);
    await job(PLACED, 'starting');
    await attempt(PLACED, 'here', 'placed');
    await job(LOST, 'starting');
    await attempt(LOST, 'gone', 'placed');
    expect(await outcomes({ dryRun: false })).toEqual([
      ['requeue_lost', `${LOST}.1`, 'done'],
      ['redeliver', `${PLACED}.1`, 'done'],
    ]);
    expect(await queues.counts(['here'])).toMatchObject({ waiting: 1 });
    expect(await stateOf(LOST)).toBe('waiting');
  });

  it('submits what the lab gave up again, once, for its owner and at no cost; what failed by itself stays', async () => {
    await job(GIVEN_UP, 'failed', 'worker_lost');
    await job(ENDED, 'failed', 'exit_code');
    expect(await outcomes({ dryRun: false, kinds: ['restart_failed'] })).toEqual([
      ['restart_failed', GIVEN_UP, 'done'],
    ]);
    const again = await new JobRows(database).submitted('wal_owner', `recovery.${GIVEN_UP}`);
    expect(again).toMatchObject({ state: 'waiting', owner: 'wal_owner', holdId: null, heldMicro: 0n });
    expect(await outcomes({ dryRun: false })).toEqual([]);
    await sql(
      `UPDATE mechanic.jobs SET state = 'failed', reason = 'worker_lost', ended_at = now() WHERE id = '${again?.id}'`,
    );
    expect(await outcomes({ dryRun: false })).toEqual([]);
  });

  it('ends what an ended attempt left on a GPU, and nothing else', async () => {
    const env = { PATH: process.env.PATH, [MARK_VARIABLE]: `${ENDED}.1` };
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { env, stdio: 'ignore' });
    const exited = new Promise((resolve) => left.once('exit', (_, signal) => resolve(signal)));
    const holder: GpuHolder = {
      ...{ host: hostname(), node: 'here', gpu: 0, program: 'python', memoryBytes: 1, jobId: ENDED, attempt: 1 },
      ...{ pid: left.pid ?? 0, of: 'gone' },
    };
    // This very process stands for one that is nobody's.
    holders = [holder, { ...holder, pid: process.pid, jobId: null, attempt: null, of: 'other' }];
    expect(await outcomes({ dryRun: false })).toEqual([['free_gpu', 'here', 'done']]);
    expect(await exited).toBe('SIGTERM');
  });

  it('lets the next call through to an agent that answers, and to no other', async () => {
    circuits = ['curator', 'architect'].map((agent) => ({ process: 'gateway', host: 'here', agent, state: 'open' }));
    expect(await outcomes({ dryRun: false })).toEqual([['reset_circuit', 'curator', 'done']]);
    expect(told).toEqual([[CIRCUITS_SUBJECT, { agent: 'curator' }]]);
  });

  it('takes a node out where jobs keep failing before they begin, while another one is there', async () => {
    await node('broken', 60);
    for (const id of [LOST, PLACED, ENDED]) {
      await job(id, 'failed', 'start_failed');
      await attempt(id, 'broken', 'ended', 'start_failed');
    }
    const reroute = { dryRun: false, kinds: ['reroute'] };
    expect(await outcomes(reroute)).toEqual([]);
    await node('here', 60);
    expect(await outcomes(reroute)).toEqual([['reroute', 'broken', 'done']]);
    const drained = (await new NodeRows(database).all()).filter(({ drainedAt }) => drainedAt !== null);
    expect(drained).toMatchObject([{ id: 'broken' }]);
  });
});

describe('the policy', () => {
  const open = (): void => {
    circuits = [{ process: 'gateway', host: 'here', agent: 'curator', state: 'open' }];
  };
  const set = (kind: RecoveryKind, mode: string, perHour?: number) => recover({ policy: [{ kind, mode, perHour }] });

  it('says what is done without being asked, and how often for one target', async () => {
    open();
    await set('reset_circuit', 'act', 2);
    const by = async () => (await recovery.byItself()).map(({ outcome }) => outcome);
    expect([await by(), await by(), await by()]).toEqual([['done'], ['done'], ['limited']]);
    expect((await log.recent()).map((one) => one.by)).toEqual(['policy', 'policy']);
    // Asked for by somebody it is no oftener.
    expect(await outcomes({ dryRun: false })).toEqual([['reset_circuit', 'curator', 'limited']]);
    await sql(`UPDATE mechanic.recovery_actions SET begun_at = begun_at - interval '61 minutes'`);
    expect(await by()).toEqual(['done']);
  });

  it('keeps what it advises, or is off, to those who ask', async () => {
    open();
    for (const mode of ['advise', 'off']) {
      const { policy } = await set('reset_circuit', mode);
      expect(policy).toContainEqual(expect.objectContaining({ kind: 'reset_circuit', mode }));
      expect(await recovery.byItself()).toEqual([]);
    }
    expect(await outcomes({})).toEqual([['reset_circuit', 'curator', 'would']]);
  });

  it('lets one replica at a time mend a thing, and counts what a crash cut off', async () => {
    open();
    await set('reset_circuit', 'act', 6);
    const trouble = { kind: 'reset_circuit' as const, target: 'curator', why: 'A test.', mend: async () => 'done' };
    const begun = await Promise.all(Array.from({ length: 4 }, () => log.begin(trouble, 'policy')));
    expect(begun.filter((one) => one !== undefined)).toHaveLength(1);
    expect(await recovery.byItself()).toMatchObject([{ outcome: 'limited' }]);
    await sql(`UPDATE mechanic.recovery_actions SET begun_at = begun_at - interval '2 minutes'`);
    expect(await recovery.byItself()).toMatchObject([{ outcome: 'done' }]);
  });
});
