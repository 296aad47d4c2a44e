// What a job goes through after its submission: chains of jobs that wait for each other, ends, waits before tries, and what is missing.
import { mechanic } from '@labmesh/contracts';
import { readNotice } from '@labmesh/jobs';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Asked, type Bed, callOf, empty, enroll, newWallet, run, submit, submitted, told } from './bed.js';

export function livesSuite(bed: () => Bed): void {
  const ada = callOf(newWallet());
  const ben = callOf(newWallet());
  const operator = callOf(newWallet(), 'operator');
  let worker = '';

  const job = (asked: Asked = {}, call = ada) => submitted(bed(), call, asked);
  const cancel = async (jobId: string, graceSeconds: number) =>
    (await bed().list.cancel({ jobId, graceSeconds }, ada)).job;
  const after = (...ids: string[]) => ({ after: ids.map((jobId) => ({ jobId })) });
  const state = async (jobId: string) => (await bed().jobs.find(jobId))?.state;
  const why = (jobId: string, call = ada) => bed().pending.why({ jobId }, call);
  const due = (jobId: string) =>
    bed().database.pool.query(`UPDATE mechanic.jobs SET ready_at = clock_timestamp() WHERE id = $1`, [jobId]);

  beforeEach(async () => {
    await empty(bed());
    worker = await enroll(bed(), 'one');
  });

  describe('a job that waits for another', () => {
    it('begins when that has succeeded, and not before', async () => {
      const a = await job();
      const b = await job(after(a));
      await bed().placement.place();
      expect([await state(a), await state(b)]).toEqual(['starting', 'waiting']);
      expect(await why(b)).toMatchObject({ missing: 'dependency', message: expect.stringContaining(a) });
      await run(bed(), a, worker, 'succeeded');
      await run(bed(), b, worker, 'succeeded');
      expect(await state(b)).toBe('succeeded');
    });

    it('ends with its whole chain when that uses its tries up, killed each time', async () => {
      const a = await job({ tries: 3, backoffSeconds: 0 });
      const chain = [await job(after(a))];
      for (let length = 1; length < 5; length++) chain.push(await job(after(chain.at(-1) ?? '')));
      const side = await job({ after: [{ jobId: chain[1] ?? '', on: 'end' }] });
      for (let tries = 0; tries < 3; tries++) {
        for (const one of chain) expect(await state(one)).toBe('waiting');
        await run(bed(), a, worker, 'killed');
      }
      expect(await state(a)).toBe('failed');
      for (const one of chain) expect(await state(one)).toBe('dependency_failed');
      expect((await bed().jobs.find(chain[1] ?? ''))?.message).toContain(chain[0]);
      // One that waits for an end, whatever it is, goes on.
      await run(bed(), side, worker, 'succeeded');
      const ends = await told(bed(), 'job_ended');
      expect(ends.map(({ jobId }) => jobId).sort()).toEqual([a, ...chain, side].sort());
      expect(ends.find(({ jobId }) => jobId === chain[4])).toMatchObject({
        state: 'dependency_failed',
        costMicro: '0',
      });
    });

    it('ends at once when that had failed before it was submitted', async () => {
      const a = await job();
      await run(bed(), a, worker, 'failed');
      const { job: b } = await submit(bed(), ada, after(a));
      expect(b).toMatchObject({ state: 'dependency_failed', reason: 'dependency_failed' });
      expect((await submit(bed(), ada, after(b?.jobId ?? ''))).job).toMatchObject({ state: 'dependency_failed' });
      expect((await submit(bed(), ada, { after: [{ jobId: a, on: 'end' }] })).job).toMatchObject({ state: 'waiting' });
      expect((await submit(bed(), ada, { ...after(a), dryRun: true })).plan?.missing).toMatch(/would end at once/);
    });

    it('ends when that is cancelled while it waits, the whole chain behind it too', async () => {
      const a = await job();
      const b = await job(after(a));
      const c = await job(after(b));
      expect(await cancel(a, 10)).toMatchObject({ state: 'cancelled', cost: '0.00' });
      expect([await state(b), await state(c)]).toEqual(['dependency_failed', 'dependency_failed']);
    });

    it('is not forgotten when both come at once', async () => {
      for (let turn = 0; turn < 10; turn++) {
        const a = await job();
        await bed().placement.place();
        const mine = { jobId: a, number: 1, workerId: worker };
        await bed().attempts.claim(mine);
        const end = bed().attempts.end({ ...mine, outcome: 'failed', reason: 'exit_code' });
        const [b] = await Promise.all([submit(bed(), ada, after(a)), end]);
        expect(await state(b.job?.jobId ?? '')).toBe('dependency_failed');
      }
    });

    it('of a thousand in a row all end', async () => {
      const a = await job();
      await bed().database.pool.query(
        `INSERT INTO mechanic.jobs (id, owner, role, name, spec_hash, spec, executor, labels, cpu_milli, memory_mb, gpus, wall_seconds, unmet)
         SELECT 'job_' || n, $1, 'researcher', 'n', '', '{}', 'process', '{}', 1000, 100, 0, 10, 1 FROM generate_series(1, 1000) n`,
        [ada.principal.walletId],
      );
      await bed().database.pool.query(
        `INSERT INTO mechanic.job_dependencies SELECT 'job_' || n, CASE n WHEN 1 THEN $1 ELSE 'job_' || (n - 1) END, 'success' FROM generate_series(1, 1000) n`,
        [a],
      );
      await cancel(a, 0);
      const { rows } = await bed().database.pool.query(`SELECT DISTINCT state FROM mechanic.jobs WHERE id <> $1`, [a]);
      expect(rows).toEqual([{ state: 'dependency_failed' }]);
      expect(await told(bed(), 'job_ended')).toHaveLength(1_001);
    });
  });

  describe('a job that fails', () => {
    it('waits twice as long before each try, holding nothing meanwhile', async () => {
      const a = await job({ tries: 3, backoffSeconds: 100 });
      const waits: number[] = [];
      for (let tries = 0; tries < 2; tries++) {
        await run(bed(), a, worker, 'failed');
        const { readyAt } = await why(a);
        waits.push(Math.round((Date.parse(readyAt ?? '') - Date.now()) / 100_000));
        expect(await why(a)).toMatchObject({ state: 'waiting', missing: 'retry' });
        expect((await bed().nodes.list()).nodes).toMatchObject([{ running: 0, cpus: { free: 4 }, gpus: { free: 1 } }]);
        expect(await bed().placement.place()).toEqual([]);
        await due(a);
      }
      expect(waits).toEqual([1, 2]);
      await run(bed(), a, worker, 'succeeded');
      expect((await bed().list.get(a, ada)).history.map(({ outcome }) => outcome)).toEqual([
        'failed',
        'failed',
        'succeeded',
      ]);
    });

    it('by the lab’s doing uses up no try and costs nothing', async () => {
      const a = await job();
      for (let times = 0; times < 3; times++) await run(bed(), a, worker, 'lost');
      await run(bed(), a, worker, 'succeeded');
      expect(await bed().list.get(a, ada)).toMatchObject({ state: 'succeeded', attempts: 4, cost: '0.00' });
    });

    it('costs what it had for as long as it ran, at the prices of its submission, and never more than is held', async () => {
      const resources = { cpus: 2, gpus: 1, memoryMb: 2_048, wallSeconds: 100 };
      for (const [seconds, micro] of [
        [10.5, 10n * 1_220n + 610n],
        [500, 122_000n],
      ] as const) {
        const a = await job({ resources });
        await bed().placement.place();
        const mine = { jobId: a, number: 1, workerId: worker };
        await bed().attempts.claim(mine);
        await bed().attempts.began({ ...mine, handle: 'h' });
        await bed().prices.set({ cpuSecond: '1' }, operator);
        await bed().database.pool.query(
          `UPDATE mechanic.job_attempts SET started_at = clock_timestamp() - make_interval(secs => $2) WHERE job_id = $1`,
          [a, seconds],
        );
        await bed().attempts.end({ ...mine, outcome: 'failed', reason: 'exit_code', exitCode: 3 });
        await bed().prices.set({ cpuSecond: '0.0001' }, operator);
        const { cost } = await bed().list.get(a, ada);
        // A little more time passes than was put.
        expect(Number(cost) * 1e6).toBeGreaterThanOrEqual(Number(micro));
        expect(Number(cost) * 1e6).toBeLessThan(Number(micro) * 1.5);
        expect(Number(cost)).toBeLessThanOrEqual(0.122);
      }
    });
  });

  describe('cancelling', () => {
    it('is the same again, asks the worker of what runs, and changes nothing that has ended', async () => {
      const { attempts, workers } = bed();
      const a = await job();
      await bed().placement.place();
      const mine = { jobId: a, number: 1, workerId: worker };
      await attempts.claim(mine);
      await attempts.began({ ...mine, handle: 'h' });
      for (const grace of [20, 5, 60]) expect(await cancel(a, grace)).toMatchObject({ state: 'running' });
      expect(await workers.heartbeat({ workerId: worker, leaseMs: 600_000 })).toMatchObject({
        held: true,
        attempts: [{ jobId: a, ask: 'cancel', graceMs: 5_000 }],
      });
      await attempts.end({ ...mine, outcome: 'cancelled', reason: 'cancelled', signal: 'SIGTERM' });
      for (let times = 0; times < 2; times++)
        expect(await cancel(a, 0)).toMatchObject({ state: 'cancelled', reason: 'cancelled' });
      expect(await told(bed(), 'job_ended')).toHaveLength(1);
    });

    it('at any instant before a worker has it ends it at once, and its room is the next one’s', async () => {
      const { attempts } = bed();
      const [a, b] = [await job({ resources: { gpus: 1 } }), await job({ resources: { gpus: 1 } })];
      await bed().placement.place();
      expect([await state(a), (await why(b)).missing]).toEqual(['starting', 'gpus']);
      expect(await cancel(a, 10)).toMatchObject({ state: 'cancelled' });
      expect(await attempts.claim({ jobId: a, number: 1, workerId: worker })).toBeUndefined();
      await run(bed(), b, worker, 'succeeded');
    });

    it('of a job whose worker is gone ends it when the lease does', async () => {
      const a = await job();
      await bed().placement.place();
      await bed().attempts.claim({ jobId: a, number: 1, workerId: worker });
      await cancel(a, 10);
      await bed().database.pool.query(
        `UPDATE mechanic.workers SET lease_until = clock_timestamp() - interval '1 hour'`,
      );
      expect((await bed().sweep.sweep(0)).changed).toEqual([{ jobId: a, state: 'cancelled' }]);
    });

    it('whose worker is gone is not given up before the lab has been there for a lease', async () => {
      const a = await job();
      await bed().placement.place();
      await bed().attempts.claim({ jobId: a, number: 1, workerId: worker });
      await bed().database.pool.query(
        `UPDATE mechanic.workers SET lease_until = clock_timestamp() - interval '1 hour', lease_ms = 60000`,
      );
      expect((await bed().sweep.sweep(0, 1_000)).changed).toEqual([]);
      expect((await bed().sweep.sweep(0, 60_001)).changed).toEqual([{ jobId: a, state: 'waiting' }]);
    });
  });

  describe('why a job does not start', () => {
    it('is the one thing that is missing', async () => {
      const gang = { gang: { name: 'g', size: 2 } };
      const lonely = await job(gang);
      expect(await why(lonely)).toMatchObject({ missing: 'gang' });
      const answer = await why(await job({ resources: { cpus: 3 } }));
      expect(mechanic.tools.why_pending.output.parse(answer)).toEqual(answer);
      expect(answer).toMatchObject({ missing: 'nothing', message: expect.stringMatching(/begins now/) });
      await bed().placement.place();
      expect(await why(await job({ resources: { cpus: 2 } }))).toMatchObject({ missing: 'cpus' });
      expect(await why(await job({ resources: { cpus: 0.1, memoryMb: 8_000 } }))).toMatchObject({ missing: 'memory' });
      expect((await bed().placement.place()).length).toBe(0);
      await bed().nodes.drain({ node: 'one', end: false, resume: false });
      expect(await why(lonely)).toMatchObject({ missing: 'gang' });
      const here = { resources: { gpus: 1 } };
      expect(await why(await job(here))).toMatchObject({
        missing: 'drained',
        message: expect.stringMatching(/being emptied.*: one\./),
      });
      expect((await submit(bed(), ada, { ...here, dryRun: true })).plan?.missing).toMatch(/being emptied.*: one\./);
      await bed().database.pool.query(
        `UPDATE mechanic.workers SET lease_until = clock_timestamp() - interval '1 hour'`,
      );
      expect(await why(await job(here))).toMatchObject({ missing: 'node' });
    });

    it('is the quota of its wallet, or that others go first', async () => {
      const citizen = callOf(newWallet(), 'citizen');
      const mine = [];
      for (let count = 0; count < 3; count++) mine.push(await job({ resources: { cpus: 0.1 } }, citizen));
      await bed().placement.place();
      expect((await why(mine[2] ?? '', citizen)).missing).toBe('quota');
      // What has used much lately waits for what has not.
      const large = { resources: { cpus: 3 } };
      await run(bed(), await job(large), worker, 'succeeded');
      const [adas, bens] = [await job(large), await job(large, ben)];
      expect((await why(adas)).missing).toBe('share');
      expect((await why(bens, ben)).missing).toBe('nothing');
      await expect(why(bens)).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('a node', () => {
    it('that is drained gives back what it has not begun, and takes nothing until it is resumed', async () => {
      const { nodes, attempts, workers, placement } = bed();
      const [a, b] = [await job(), await job()];
      await placement.place();
      const mine = { jobId: a, number: 1, workerId: worker };
      await attempts.claim(mine);
      const drained = await nodes.drain({ node: 'one', reason: 'new disks', end: true, resume: false });
      expect(drained).toEqual({ node: 'one', state: 'draining', running: 1 });
      expect(await state(b)).toBe('waiting');
      expect((await workers.heartbeat({ workerId: worker, leaseMs: 600_000 })).attempts).toMatchObject([
        { ask: 'drain' },
      ]);
      await attempts.end({ ...mine, outcome: 'lost', reason: 'drained' });
      expect(await placement.place()).toEqual([]);
      const listed = await nodes.list();
      expect(mechanic.tools.list_nodes.output.parse(listed)).toEqual(listed);
      expect(listed.nodes).toMatchObject([{ state: 'drained', reason: 'new disks', running: 0 }]);
      expect(await nodes.drain({ node: 'one', end: false, resume: true })).toMatchObject({ state: 'ready' });
      expect(await placement.place()).toHaveLength(2);
      await expect(nodes.drain({ node: 'two', end: false, resume: false })).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });

  describe('the list', () => {
    it('has a wallet’s own jobs, page by page, and everybody’s for the operator', async () => {
      const mine: string[] = [];
      for (let count = 0; count < 5; count++)
        mine.unshift(await job({ name: `training ${count}`, labels: { team: count % 2 === 0 ? 'a' : 'b' } }));
      const bens = await job({}, ben);
      const ids = async (input: object, call = ada) => {
        const page = await bed().list.list(mechanic.tools.list_jobs.input.parse(input), call);
        expect(mechanic.tools.list_jobs.output.parse(page)).toEqual(page);
        return { ids: page.jobs.map(({ jobId }) => jobId), nextCursor: page.nextCursor };
      };
      const first = await ids({ limit: 2 });
      const second = await ids({ limit: 2, cursor: first.nextCursor });
      const third = await ids({ limit: 2, cursor: second.nextCursor });
      expect([...first.ids, ...second.ids, ...third.ids]).toEqual(mine);
      expect(third.nextCursor).toBeUndefined();
      expect((await ids({}, operator)).ids).toEqual([bens, ...mine]);
      expect((await ids({ owner: ben.principal.walletId }, operator)).ids).toEqual([bens]);
      await expect(ids({ owner: ben.principal.walletId })).rejects.toMatchObject({ code: 'forbidden' });
      expect((await ids({ name: 'NG 3' })).ids).toEqual([mine[1]]);
      expect((await ids({ label: { name: 'team', value: 'b' } })).ids).toEqual([mine[1], mine[3]]);
      await cancel(mine[2] ?? '', 0);
      expect((await ids({ state: ['cancelled'] })).ids).toEqual([mine[2]]);
      expect((await ids({ state: ['waiting', 'cancelled'], limit: 3 })).ids).toEqual(mine.slice(0, 3));
      expect((await ids({ since: new Date(Date.now() + 60_000).toISOString() })).ids).toEqual([]);
      await expect(ids({ cursor: 'what' })).rejects.toMatchObject({ code: 'invalid_input' });
    });
  });

  describe('placing', () => {
    it('puts what begins into the queue of its node, and again what nobody took', async () => {
      const heard: unknown[] = [];
      const placing = bed().placing({ broadcast: (_, body) => void heard.push(readNotice(body)) });
      const taken: string[] = [];
      const taking = bed().queues.take({
        node: 'one',
        concurrency: 4,
        take: async ({ jobId }) => void taken.push(jobId),
      });
      const a = await job();
      placing.soon();
      await expect.poll(() => heard).toEqual([{ jobId: a, attempt: 1, kind: 'placed', node: 'one' }]);
      taking.poke();
      await expect.poll(() => taken).toEqual([a]);
      // It was delivered and not claimed, as by a worker that died: after a while it comes again.
      await bed().database.pool.query(`UPDATE mechanic.job_attempts SET placed_at = placed_at - interval '1 minute'`);
      placing.soon();
      taking.poke();
      await expect.poll(() => taken.length).toBeGreaterThanOrEqual(2);
      expect(new Set(taken)).toEqual(new Set([a]));
      await placing.onModuleDestroy();
      await taking.close();
    });
  });
}
