// What payments in two steps promise; run on the embedded database and on a server.
import { setTimeout } from 'node:timers/promises';
import { chancellor, type Principal } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { type Bed, newKey, newWalletId, principal } from './bed.js';

const refusedBecause = (reason: string, code = 'conflict') => ({ code, details: { reason } });

export function holdsSuite(bed: () => Bed): void {
  const [operator] = [principal(newWalletId(), 'operator')];
  const hold = (payer: Principal, payee: Principal, amount = '10', expiresInSeconds = 3_600) =>
    bed().holds.hold({ to: payee.walletId, amount, expiresInSeconds, idempotencyKey: newKey() }, payer);
  const capture = (holdId: string, who: Principal, more: { amount?: string; final?: boolean } = {}) =>
    bed().holds.capture({ holdId, ...more, idempotencyKey: newKey() }, who);

  describe('a hold', () => {
    it('takes money out of what may be paid with, and promises it to one wallet', async () => {
      const { owner, balance, holds } = bed();
      const [payer, payee] = [await owner(12_000_000n), await owner()];
      const held = await hold(payer, payee);
      expect(chancellor.tools.hold_transaction.output.parse(held)).toEqual(held);
      expect(await balance({}, payer)).toMatchObject({ balance: '2.00', held: '10.00', pending: '0.00' });
      expect(await balance({}, payee)).toMatchObject({ balance: '0.00', held: '0.00', pending: '10.00' });
      for (const who of [payer, payee])
        expect((await holds.list({ limit: 10 }, who)).holds).toMatchObject([{ holdId: held.holdId, left: '10.00' }]);
    });

    it('is captured whole', async () => {
      const { owner, balance, has } = bed();
      const [payer, payee] = [await owner(10_000_000n), await owner()];
      const { holdId } = await hold(payer, payee);
      const captured = await capture(holdId, payee);
      expect(chancellor.tools.capture_hold.output.parse(captured)).toEqual(captured);
      expect(captured).toMatchObject({ captured: '10.00', left: '0.00', released: '0.00' });
      expect(await has(payee)).toBe('10.00');
      expect(await balance({}, payer)).toMatchObject({ balance: '0.00', held: '0.00' });
    });

    it('is captured in part, then past what is left, which is refused, and the rest is released once', async () => {
      const { owner, holds, has, balance } = bed();
      const [payer, payee] = [await owner(10_000_000n), await owner()];
      const { holdId } = await hold(payer, payee);
      expect(await capture(holdId, payee, { amount: '4' })).toMatchObject({ captured: '4.00', left: '6.00' });
      await expect(capture(holdId, payee, { amount: '7' })).rejects.toMatchObject(refusedBecause('over_hold'));
      const release = { holdId, idempotencyKey: newKey() };
      expect(await holds.release(release, payee)).toMatchObject({ released: '6.00', replayed: false });
      expect(await holds.release(release, payee)).toMatchObject({ released: '6.00', replayed: true });
      await expect(holds.release({ holdId, idempotencyKey: newKey() }, payee)).rejects.toMatchObject(
        refusedBecause('hold_closed'),
      );
      await expect(capture(holdId, payee, { amount: '1' })).rejects.toMatchObject(refusedBecause('hold_closed'));
      expect(await has(payee)).toBe('4.00');
      expect(await balance({}, payer)).toMatchObject({ balance: '6.00', held: '0.00' });
    });

    it('gives the rest back with a final capture, in one transaction of three legs', async () => {
      const { owner, balance, database } = bed();
      const [payer, payee] = [await owner(10_000_000n), await owner()];
      const { holdId } = await hold(payer, payee);
      const { transactionId, released } = await capture(holdId, payee, { amount: '1.5', final: true });
      expect(released).toBe('8.50');
      expect(await balance({}, payer)).toMatchObject({ balance: '8.50', held: '0.00' });
      const { rows } = await database.pool.query(
        'SELECT change_micro FROM chancellor.postings WHERE transaction_id = $1 ORDER BY change_micro',
        [transactionId],
      );
      expect(rows.map((row) => row.change_micro)).toEqual(['-10000000', '1500000', '8500000']);
    });

    it('that has expired is its payer’s again without a sweeper: no capture, and a transfer of all of it', async () => {
      const { owner, ledger, balance, database } = bed();
      const [payer, payee] = [await owner(10_000_000n), await owner()];
      const { holdId } = await hold(payer, payee, '10', 1);
      expect(await balance({}, payer)).toMatchObject({ balance: '0.00', held: '10.00' });
      await setTimeout(1_100);
      const count = 'SELECT count(*)::int AS entries FROM chancellor.postings WHERE account_id = $1';
      await expect(capture(holdId, payee)).rejects.toMatchObject(refusedBecause('hold_expired'));
      expect((await database.pool.query(count, [payee.walletId])).rows).toEqual([{ entries: 0 }]);
      expect(await balance({}, payer)).toMatchObject({ balance: '10.00', held: '0.00' });
      expect(await balance({}, payee)).toMatchObject({ pending: '0.00' });
      await ledger.transfer({ to: payee.walletId, amount: '10', idempotencyKey: newKey() }, payer);
      expect(await balance({}, payee)).toMatchObject({ balance: '10.00' });
    });

    it('that has expired counts as released in a balance that nobody has touched since, and a sweep writes it down', async () => {
      const { owner, expired, balance, database } = bed();
      const [payer, payee] = [await owner(3_000_000n), await owner()];
      const { holdId } = await hold(payer, payee, '3', 1);
      await setTimeout(1_100);
      expect(await balance({}, payer)).toMatchObject({ balance: '3.00', held: '0.00' });
      expect((await bed().holds.list({ limit: 5 }, payer)).holds).toEqual([]);
      expect(await expired.sweep()).toBeGreaterThan(0);
      expect(await expired.sweep()).toBe(0);
      expect(await balance({}, payer)).toMatchObject({
        balance: '3.00',
        history: [{ kind: 'release', change: '3.00' }, { kind: 'hold' }, { kind: 'issuance' }],
      });
      const { rows } = await database.pool.query('SELECT released_micro FROM chancellor.holds WHERE id = $1', [holdId]);
      expect(rows).toEqual([{ released_micro: '3000000' }]);
    });

    it('is released by whom it is for or the operator, captured by either side, and nobody else’s to see', async () => {
      const { owner, holds } = bed();
      const [payer, payee, stranger] = [await owner(20_000_000n), await owner(), await owner()];
      const { holdId } = await hold(payer, payee);
      const release = (who: Principal) => holds.release({ holdId, idempotencyKey: newKey() }, who);
      await expect(release(payer)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(release(stranger)).rejects.toMatchObject({ code: 'not_found' });
      await expect(capture(holdId, stranger)).rejects.toMatchObject({ code: 'not_found' });
      expect(await capture(holdId, payer, { amount: '1' })).toMatchObject({ captured: '1.00' });
      const boss = { ...operator, walletId: (await owner()).walletId };
      await expect(capture(holdId, boss)).rejects.toMatchObject({ code: 'forbidden' });
      expect(await release(boss)).toMatchObject({ released: '9.00' });
    });

    it('is refused for more than there is, for oneself and for nobody', async () => {
      const { owner, holds } = bed();
      const [payer, payee] = [await owner(1_000_000n), await owner()];
      await expect(hold(payer, payee, '1.000001')).rejects.toMatchObject({ code: 'insufficient_funds' });
      await expect(hold(payer, payer, '1')).rejects.toMatchObject(refusedBecause('same_wallet', 'invalid_input'));
      // Its amount is looked at before its wallets, as a payment's is.
      await expect(hold(payer, payer, '0')).rejects.toMatchObject(
        refusedBecause('amount_not_positive', 'invalid_input'),
      );
      const to = newWalletId();
      await expect(holds.hold({ to, amount: '1', idempotencyKey: newKey() }, payer)).rejects.toMatchObject(
        refusedBecause('unknown_to', 'not_found'),
      );
    });

    it('is made once by fifty who ask with one key', async () => {
      const { owner, holds, balance } = bed();
      const [payer, payee] = [await owner(10_000_000n), await owner()];
      const input = { to: payee.walletId, amount: '2', idempotencyKey: newKey() };
      const answers = await Promise.all(Array.from({ length: 50 }, () => holds.hold(input, payer)));
      expect(new Set(answers.map((one) => `${one.holdId} ${one.balance} ${one.expiresAt}`)).size).toBe(1);
      expect(answers.filter((one) => !one.replayed)).toHaveLength(1);
      expect(await balance({}, payer)).toMatchObject({ balance: '8.00', held: '2.00' });
    });
  });
}
