// What holds of job arrays on any database: turns, what waits for the whole of one, and their end.
import { beforeEach, describe, expect, it } from 'vitest';
import { ADA, empty, enroll, type JobsBed, stateOf, submit, submitAgain, submitArray } from '../bed.testing.js';

const REASONS = { succeeded: 'finished', failed: 'exit_code', lost: 'drained' } as const;

/** Those of these jobs that may begin or have begun. */
const haveTurn = async ({ database }: JobsBed, ids: readonly string[]): Promise<number[]> => {
  const { rows } = await database.pool.query<{ id: string }>(
    'SELECT id FROM mechanic.jobs WHERE id = ANY($1::text[]) AND NOT array_waits AND ended_at IS NULL ORDER BY id',
    [ids],
  );
  return rows.map(({ id }) => ids.indexOf(id));
};

export function arraysSuite(bed: () => JobsBed): void {
  let worker: string;
  beforeEach(async () => {
    await empty(bed());
    worker = await enroll(bed(), 'one');
  });

  /** Plays the worker of one job until its attempt ends so. */
  async function run(jobId: string, outcome: keyof typeof REASONS = 'succeeded'): Promise<void> {
    await bed().placement.place();
    const number = (await bed().jobs.find(jobId))?.attempts ?? 0;
    const mine = { jobId, number, workerId: worker };
    expect(await bed().attempts.claim(mine), `${jobId} was not placed`).toBeDefined();
    await bed().attempts.began({ ...mine, handle: 'h' });
    await bed().attempts.end({ ...mine, outcome, reason: REASONS[outcome] });
  }

  describe('turns in an array', () => {
    it('are as many as may be, in the order of the indexes, whoever places', async () => {
      const { arrayId, ids } = await submitArray(bed(), { count: 5, parallel: 2 });
      expect(await haveTurn(bed(), ids)).toEqual([0, 1]);
      const placed = (await Promise.all([bed().placement.place(), bed().placement.place()])).flat();
      expect(placed.map(({ jobId }) => ids.indexOf(jobId)).sort()).toEqual([0, 1]);
      await run(ids[1] ?? '');
      expect(await haveTurn(bed(), ids)).toEqual([0, 2]);
      await run(ids[0] ?? '', 'failed');
      expect(await haveTurn(bed(), ids)).toEqual([2, 3]);
      // One that is lost and goes back keeps its turn.
      await run(ids[2] ?? '', 'lost');
      expect(await haveTurn(bed(), ids)).toEqual([2, 3]);
      expect(await bed().arrays.find(arrayId)).toMatchObject({
        ...{ count: 5, parallel: 2, owner: ADA },
        states: { succeeded: 1, failed: 1, waiting: 2, starting: 1 },
      });
    });

    it('leave the other jobs of the wallet, and those behind them, their place in line', async () => {
      const { ids } = await submitArray(bed(), { count: 300, parallel: 1 });
      const other = await submit(bed());
      expect(new Set((await bed().placement.place()).map(({ jobId }) => jobId))).toEqual(new Set([ids[0], other]));
    });

    it('go to the next when one that has it is cancelled, and to nobody when one that waits is', async () => {
      const { ids } = await submitArray(bed(), { count: 4, parallel: 1 });
      await bed().jobs.cancel(ids[1] ?? '', ADA, 0);
      expect(await haveTurn(bed(), ids)).toEqual([0]);
      await bed().jobs.cancel(ids[0] ?? '', ADA, 0);
      expect(await haveTurn(bed(), ids)).toEqual([2]);
    });

    it('that were missed are given by the sweep', async () => {
      const { ids } = await submitArray(bed(), { count: 2, parallel: 1 });
      await bed().database.pool.query(
        `UPDATE mechanic.jobs SET state = 'failed', ended_at = clock_timestamp() WHERE id = $1`,
        [ids[0]],
      );
      expect(await haveTurn(bed(), ids)).toEqual([]);
      await bed().sweep.sweep(0);
      expect(await haveTurn(bed(), ids)).toEqual([1]);
    });

    it('are waited for by a run that is tried again, too', async () => {
      const { arrayId, ids } = await submitArray(bed(), { count: 2, parallel: 1 });
      await run(ids[0] ?? '', 'failed');
      const again = await submitAgain(bed(), { arrayId, index: 0 });
      expect(await haveTurn(bed(), [...ids, again])).toEqual([1]);
      await run(ids[1] ?? '');
      await run(again);
      expect((await bed().arrays.find(arrayId))?.states).toEqual({ failed: 1, succeeded: 2 });
    });
  });

  describe('what runs after an array', () => {
    it('begins when all of it has succeeded', async () => {
      const { arrayId, ids } = await submitArray(bed(), { count: 3 });
      const after = await submit(bed(), { after: [{ jobId: arrayId }] });
      for (const id of ids) {
        expect((await bed().jobs.find(after))?.unmet).toBe(1);
        await run(id);
      }
      expect((await bed().jobs.whole(after))?.after).toEqual([{ jobId: arrayId, on: 'success', state: 'succeeded' }]);
      await run(after);
      const late = await submit(bed(), { after: [{ jobId: arrayId }] });
      expect((await bed().jobs.find(late))?.unmet).toBe(0);
    });

    it('ends with the first that fails, all along the chain, unless it waits for the end alone', async () => {
      const { arrayId, ids } = await submitArray(bed(), { count: 3 });
      const second = await submitArray(bed(), { count: 2, parallel: 1, after: [{ jobId: arrayId }] });
      const third = await submit(bed(), { after: [{ jobId: second.arrayId }] });
      const anyway = await submit(bed(), { after: [{ jobId: arrayId, on: 'end' }] });
      await run(ids[1] ?? '', 'failed');
      for (const id of [...second.ids, third]) expect(await stateOf(bed(), id)).toBe('dependency_failed');
      expect((await bed().jobs.find(third))?.message).toContain(
        `${second.arrayId}, of which one ended as dependency_failed`,
      );
      expect(await stateOf(bed(), anyway)).toBe('waiting');
      const late = await submit(bed(), { after: [{ jobId: arrayId }] });
      expect(await stateOf(bed(), late)).toBe('dependency_failed');
      for (const id of [ids[0] ?? '', ids[2] ?? '']) await run(id);
      await run(anyway);
    });

    it('is not kept by a run that failed and succeeded when it was tried again', async () => {
      const { arrayId, ids } = await submitArray(bed(), { count: 2 });
      await run(ids[0] ?? '', 'failed');
      await run(ids[1] ?? '');
      const again = await submitAgain(bed(), { arrayId, index: 0 });
      const after = await submit(bed(), { after: [{ jobId: arrayId }] });
      expect((await bed().jobs.find(after))?.unmet).toBe(1);
      await run(again);
      await run(after);
    });
  });

  it('an array ends as a whole: what waits at once, what runs by its worker, and what has ended stays', async () => {
    const { arrayId, ids } = await submitArray(bed(), { count: 6, parallel: 2 });
    await run(ids[0] ?? '');
    await bed().placement.place();
    const mine = { jobId: ids[1] ?? '', number: 1, workerId: worker };
    await bed().attempts.claim(mine);
    await bed().attempts.began({ ...mine, handle: 'h' });
    const changed = await bed().arrays.cancel(arrayId, ADA, 0);
    expect(changed.filter(({ state }) => state === 'cancelled')).toHaveLength(4);
    expect(changed.filter(({ state }) => state === 'running').map(({ jobId }) => jobId)).toEqual([ids[1]]);
    expect((await bed().arrays.find(arrayId))?.states).toEqual({ succeeded: 1, running: 1, cancelled: 4 });
    expect(await bed().attempts.end({ ...mine, outcome: 'cancelled', reason: 'cancelled' })).toHaveLength(1);
    expect(await bed().arrays.cancel(arrayId, ADA, 0)).toEqual([]);
    const { rows } = await bed().database.pool.query(`SELECT 1 FROM mechanic.outbox WHERE subject LIKE '%job_ended'`);
    expect(rows).toHaveLength(6);
  });

  it('one submission is one array, and leaves nothing of another', async () => {
    const first = await submitArray(bed(), { count: 3, submissionId: 'sweep-0001' });
    await submitArray(bed(), { count: 3, submissionId: 'sweep-0001' });
    const { rows } = await bed().database.pool.query('SELECT id FROM mechanic.job_arrays');
    expect(rows).toEqual([{ id: first.arrayId }]);
    expect((await bed().database.pool.query('SELECT 1 FROM mechanic.jobs')).rows).toHaveLength(3);
  });
}
