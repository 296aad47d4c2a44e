// What the ledger promises to callers at the same moment. On a server these race for real; embedded, they queue.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditLedger, type Bed, chancellorOver, newKey, newWalletId, raceFor } from './bed.js';

export function concurrencySuite(bed: () => Bed): void {
  describe('at the same moment', () => {
    it('carries 50 transfers among 5 wallets in both directions: no deadlock, nothing lost', async () => {
      const { owner, ledger, has, database } = bed();
      const owners = await Promise.all(Array.from({ length: 5 }, () => owner(100_000_000n)));
      const expected = owners.map(() => 100_000_000n);
      const payments = Array.from({ length: 50 }, (_, index) => {
        const from = index % 5;
        const to = (from + 1 + (Math.floor(index / 5) % 4)) % 5;
        expected[from] = (expected[from] ?? 0n) - 1_000_000n;
        expected[to] = (expected[to] ?? 0n) + 1_000_000n;
        return { payer: owners[from], payee: owners[to] };
      });
      const answers = await Promise.all(
        payments.map(({ payer, payee }) => {
          if (payer === undefined || payee === undefined) throw new Error('no such owner');
          return ledger.transfer({ to: payee.walletId, amount: '1', idempotencyKey: newKey() }, payer);
        }),
      );
      expect(new Set(answers.map((answer) => answer.transactionId)).size).toBe(50);
      expect(answers.every((answer) => !answer.replayed)).toBe(true);
      expect(await Promise.all(owners.map(has))).toEqual(expected.map((micro) => `${micro / 1_000_000n}.00`));
      await auditLedger(database);
    });

    it('posts once when twelve twins come with one key, and gives all of them the one answer', async () => {
      const { owner, ledger, has, database } = bed();
      const [payer, payee] = [await owner(100_000_000n), await owner()];
      const payment = { to: payee.walletId, amount: '30', idempotencyKey: newKey() };
      const twins = () => Array.from({ length: 12 }, () => ledger.transfer(payment, payer));
      const answers = await raceFor(database, payer.walletId, twins);
      expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
      const [first] = answers;
      for (const answer of answers) expect({ ...answer, replayed: true }).toEqual({ ...first, replayed: true });
      expect(await has(payer)).toBe('70.00');
      await auditLedger(database);
    });

    it('never pays more than there is when all spend the same money', async () => {
      const { owner, ledger, has, database } = bed();
      const payer = await owner(5_000_000n);
      const payees = await Promise.all(Array.from({ length: 12 }, () => owner()));
      const outcomes = await raceFor(database, payer.walletId, () =>
        payees.map((payee) =>
          ledger.transfer({ to: payee.walletId, amount: '1', idempotencyKey: newKey() }, payer).then(
            () => 'posted',
            (error) => error.details?.reason ?? String(error),
          ),
        ),
      );
      expect(outcomes.sort()).toEqual([...Array(7).fill('insufficient_funds'), ...Array(5).fill('posted')]);
      expect(await has(payer)).toBe('0.00');
      await auditLedger(database);
    });

    it('keeps the books for any random burst of transfers', async () => {
      const { owner, ledger, has, database } = bed();
      const payment = fc.record({
        from: fc.nat(2),
        to: fc.nat(2),
        units: fc.integer({ min: 1, max: 6 }),
        key: fc.nat(9),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(payment, { minLength: 5, maxLength: 30 }), async (burst) => {
          const owners = await Promise.all([10_000_000n, 10_000_000n, 10_000_000n].map((micro) => owner(micro)));
          await Promise.allSettled(
            burst.map(async ({ from, to, units, key }) => {
              const [payer, payee] = [owners[from], owners[to]];
              if (payer === undefined || payee === undefined) return;
              const input = { to: payee.walletId, amount: `${units}`, idempotencyKey: `burst-${key}` };
              await ledger.transfer(input, payer).catch((error) => {
                expect(['same_wallet', 'key_reused', 'insufficient_funds']).toContain(error.details?.reason);
              });
            }),
          ).then((settled) => expect(settled.filter((one) => one.status === 'rejected')).toEqual([]));
          const held = await Promise.all(owners.map(has));
          expect(held.reduce((sum, amount) => sum + Number(amount), 0)).toBe(30);
        }),
        { numRuns: 15 },
      );
      await auditLedger(database);
    });

    it('lets exactly a hundred of two hundred spends of one through, where there is a hundred, from several replicas', async () => {
      const { owner, has, database, verification } = bed();
      const [payer, payee] = [await owner(100_000_000n), await owner()];
      const replicas = Array.from({ length: 4 }, () => chancellorOver(database).ledger);
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, place) =>
          replicas[place % 4]?.transfer({ to: payee.walletId, amount: '1', idempotencyKey: newKey() }, payer).then(
            () => 'posted',
            (error) => error.details?.reason ?? String(error),
          ),
        ),
      );
      expect(outcomes.filter((one) => one === 'posted')).toHaveLength(100);
      expect(outcomes.filter((one) => one === 'insufficient_funds')).toHaveLength(100);
      expect([await has(payer), await has(payee)]).toEqual(['0.00', '100.00']);
      expect((await verification.verify()).clean).toBe(true);
    });

    it('carries 64 at once from A to B and 64 from B to A through several replicas: no deadlock reaches a caller', async () => {
      const { owner, has, database } = bed();
      const pair = [await owner(100_000_000n), await owner(100_000_000n)] as const;
      const replicas = Array.from({ length: 4 }, () => chancellorOver(database).ledger);
      await Promise.all(
        Array.from({ length: 128 }, (_, place) => {
          const [payer, payee] = place % 2 === 0 ? pair : [pair[1], pair[0]];
          return replicas[(place >> 1) % 4]?.transfer(
            { to: payee.walletId, amount: '0.5', idempotencyKey: newKey() },
            payer,
          );
        }),
      );
      expect(await Promise.all(pair.map(has))).toEqual(['100.00', '100.00']);
    });

    it('pays one hot wallet from 64 others at once, and numbers its entries without a gap', async () => {
      const { owner, balance, ledger } = bed();
      const hot = await owner();
      const payers = await Promise.all(Array.from({ length: 64 }, () => owner(1_000_000n)));
      await Promise.all(
        payers.map((payer) => ledger.transfer({ to: hot.walletId, amount: '1', idempotencyKey: newKey() }, payer)),
      );
      const shown = await balance({ limit: 200 }, hot);
      expect(shown.balance).toBe('64.00');
      expect(shown.history.map((entry) => entry.balanceAfter)).toEqual(
        Array.from({ length: 64 }, (_, place) => `${64 - place}.00`),
      );
    });

    it('fails a request that breaks its statement alone', async () => {
      const { owner, ledgerRows, has } = bed();
      const [payer, payee] = [await owner(5_000_000n), await owner()];
      const pay = (change: bigint) =>
        ledgerRows.post([
          {
            kind: 'payment',
            key: newKey(),
            keyOwner: payer.walletId,
            legs: [
              { account: payer.walletId, changeMicro: -1_000_000n },
              { account: payee.walletId, changeMicro: change },
            ],
          },
        ]);
      const answers = await Promise.allSettled([pay(1_000_000n), pay(2_000_000n), pay(1_000_000n)]);
      expect(answers.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect([await has(payer), await has(payee)]).toEqual(['3.00', '2.00']);
    });

    it('enrols the operator once when the event comes twice at once', async () => {
      const { genesis, database } = bed();
      const walletId = newWalletId();
      await Promise.all([genesis().enrol(walletId), genesis().enrol(walletId)]);
      const { rows } = await database.pool.query(
        `SELECT count(*)::int AS told FROM chancellor.outbox WHERE payload #>> '{payload,walletId}' = $1`,
        [walletId],
      );
      expect(rows).toEqual([{ told: 1 }]);
    });
  });
}
