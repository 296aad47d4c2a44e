// What is set aside for jobs, and settled by the event of their end: once, whatever is told twice or never became a job.
import { chancellor } from '@labmesh/contracts';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { TREASURY } from '../src/ledger/accounts.js';
import { HoldsRepository } from '../src/ledger/holds.repository.js';
import { workEvents } from '../src/ledger/work.events.js';
import { Work } from '../src/ledger/work.js';
import { type Bed, newKey, newWalletId, principal } from './bed.js';

export function workSuite(bed: () => Bed): void {
  const work = () => new Work(bed().ledgerRows, new HoldsRepository(bed().database));
  const jobId = () => `job_${uuidv7()}`;
  const treasury = async (): Promise<bigint> => {
    const sql = 'SELECT balance_micro AS micro FROM chancellor.accounts WHERE id = $1';
    const { rows } = await bed().database.pool.query<{ micro: string }>(sql, [TREASURY]);
    return BigInt(rows[0]?.micro ?? 0);
  };
  const asked = (id: string, amount = '10') => ({ jobIds: [id], amount, expiresInSeconds: 3_600 });

  describe('money for a job', () => {
    it('is set aside once, and settled once: the cost to the treasury, the rest back', async () => {
      const [who, id, before] = [await bed().owner(12_000_000n), jobId(), await treasury()];
      const held = await work().hold(asked(id), who);
      expect(await work().hold(asked(id), who)).toMatchObject({ holdIds: held.holdIds });
      expect(await bed().balance({}, who)).toMatchObject({ balance: '2.00', held: '10.00' });
      const end = { jobId: id, walletId: who.walletId, costMicro: '1500000' };
      await Promise.all([work().settle(end), work().settle(end)]);
      await work().settle({ ...end, costMicro: '9000000' });
      expect(await bed().balance({}, who)).toMatchObject({ balance: '10.50', held: '0.00' });
      expect((await treasury()) - before).toBe(1_500_000n);
    });

    it('comes back whole for what cost nothing, or never became a job', async () => {
      const who = await bed().owner(10_000_000n);
      const told: string[] = [];
      const events = workEvents(work(), { completed: async (job) => void told.push(job.jobId) });
      for (const state of ['failed', 'succeeded'] as const) {
        const id = jobId();
        await work().hold(asked(id), who);
        const job = {
          jobId: id,
          walletId: who.walletId,
          state,
          reason: null,
          holdId: null,
          costMicro: '0',
          attempts: 1,
        };
        await events.job_ended(job, { id: uuidv7(), at: new Date().toISOString(), payload: job });
        expect(await bed().has(who)).toBe('10.00');
        expect(told).toEqual(state === 'succeeded' ? [id] : []);
      }
      const id = jobId();
      await work().hold(asked(id), who);
      const dropped = { jobId: id, walletId: who.walletId };
      await events.job_dropped(dropped, { id: uuidv7(), at: new Date().toISOString(), payload: dropped });
      await events.job_dropped({ ...dropped, jobId: jobId() }, { id: uuidv7(), at: '', payload: dropped });
      expect(await bed().balance({}, who)).toMatchObject({ balance: '10.00', held: '0.00' });
    });

    it('is shown with what else is set aside, taken by nobody before its end, and given back by the operator', async () => {
      const { owner, holds, ledger, balance } = bed();
      const [who, id] = [await owner(12_000_000n), jobId()];
      const boss = principal((await owner()).walletId, 'operator');
      const [holdId = ''] = (await work().hold(asked(id), who)).holdIds;
      const shown = await holds.list({ limit: 10 }, who);
      expect(chancellor.tools.list_holds.output.parse(shown)).toEqual(shown);
      expect(shown.holds).toMatchObject([{ holdId, to: TREASURY, left: '10.00' }]);
      await expect(holds.capture({ holdId, amount: '1', idempotencyKey: newKey() }, who)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('it is for a job'),
      });
      const given = await holds.release({ holdId, idempotencyKey: newKey() }, boss);
      expect(chancellor.tools.release_hold.output.parse(given)).toMatchObject({ released: '10.00' });
      const other = jobId();
      await work().hold(asked(other), who);
      await work().settle({ jobId: other, walletId: who.walletId, costMicro: '2000000' });
      const paid = (await balance({ limit: 20 }, who)).history.find(
        ({ memo, kind }) => memo === other && kind === 'capture',
      );
      const back = await ledger.reverse({ transactionId: paid?.transactionId ?? '', idempotencyKey: newKey() }, boss);
      expect(chancellor.tools.reverse_transaction.output.parse(back)).toMatchObject({ from: TREASURY, amount: '2.00' });
      expect(await balance({}, who)).toMatchObject({ balance: '12.00', held: '0.00' });
    });

    it('is refused where the wallet has too little, and nothing is left', async () => {
      const who = await bed().owner(1_000_000n);
      await expect(work().hold(asked(jobId()), who)).rejects.toMatchObject({
        code: 'insufficient_funds',
        message: expect.stringMatching(/once it holds enough, submit it again$/),
      });
      expect(await bed().balance({}, who)).toMatchObject({ balance: '1.00', held: '0.00' });
    });

    it('is set aside for many jobs or for none, and each is settled by itself', async () => {
      const [who, ids] = [await bed().owner(10_000_000n), Array.from({ length: 4 }, jobId)];
      const asking = { jobIds: ids, expiresInSeconds: 3_600 };
      const tooMuch = work().hold(
        { ...asking, jobIds: [...ids, ...Array.from({ length: 300 }, jobId)], amount: '3' },
        who,
      );
      await expect(tooMuch).rejects.toMatchObject({
        code: 'insufficient_funds',
        message: expect.stringMatching(/hold 912\.00 for 304 jobs.*holds 10\.00/),
      });
      expect(await bed().balance({}, who)).toMatchObject({ balance: '10.00', held: '0.00' });
      const more = { jobIds: Array.from({ length: 4 }, jobId), expiresInSeconds: 3_600, amount: '2' };
      const { holdIds } = await work().hold(more, who);
      expect(new Set(holdIds).size).toBe(4);
      expect(await work().hold(more, who)).toMatchObject({ holdIds });
      expect(await bed().balance({}, who)).toMatchObject({ balance: '2.00', held: '8.00' });
      const [first = '', ...others] = more.jobIds;
      await work().settle({ jobId: first, walletId: who.walletId, costMicro: '500000' });
      expect(await bed().balance({}, who)).toMatchObject({ balance: '3.50', held: '6.00' });
      for (const id of others) await work().settle({ jobId: id, walletId: who.walletId, costMicro: '0' });
      expect(await bed().balance({}, who)).toMatchObject({ balance: '9.50', held: '0.00' });
    });

    it('is settled even when its payer used any key that it can think of before', async () => {
      const [who, other, id] = [await bed().owner(12_000_000n), principal(newWalletId(), 'citizen'), jobId()];
      await work().hold(asked(id), who);
      const to = (await bed().owner()).walletId;
      for (const key of [`settled:${id}`, `work:${id}`, newKey()])
        await bed()
          .ledger.transfer({ to, amount: '0.1', idempotencyKey: key }, who)
          .catch(() => undefined);
      await work().settle({ jobId: id, walletId: other.walletId, costMicro: '1' });
      await work().settle({ jobId: id, walletId: who.walletId, costMicro: '10000000' });
      expect(await bed().balance({}, who)).toMatchObject({ held: '0.00' });
      expect(Number(await bed().has(who))).toBeLessThan(2);
    });
  });
}
