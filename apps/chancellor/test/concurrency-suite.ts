// What the ledger promises to callers at the same moment. On a server these race for real; embedded, they queue.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditLedger, type Bed, newKey, newWalletId, raceFor } from './bed.js';

export function concurrencySuite(bed: () => Bed): void {
  describe('at the same moment', () => {
    it('carries 50 transfers among 5 wallets in both directions: no deadlock, nothing lost', async () => {
      const { owner, ledger, holds, database } = bed();
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
      expect(await Promise.all(owners.map(holds))).toEqual(expected.map((micro) => `${micro / 1_000_000n}.00`));
      await auditLedger(database);
    });

    it('posts once when twelve twins come with one key, and gives all of them the one answer', async () => {
      const { owner, ledger, holds, database } = bed();
      const [payer, payee] = [await owner(100_000_000n), await owner()];
      const payment = { to: payee.walletId, amount: '30', idempotencyKey: newKey() };
      const twins = () => Array.from({ length: 12 }, () => ledger.transfer(payment, payer));
      const answers = await raceFor(database, payer.walletId, twins);
      expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
      const [first] = answers;
      for (const answer of answers) expect({ ...answer, replayed: true }).toEqual({ ...first, replayed: true });
      expect(await holds(payer)).toBe('70.00');
      await auditLedger(database);
    });

    it('never pays more than there is when all spend the same money', async () => {
      const { owner, ledger, holds, database } = bed();
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
      expect(await holds(payer)).toBe('0.00');
      await auditLedger(database);
    });

    it('keeps the books for any random burst of transfers', async () => {
      const { owner, ledger, holds, database } = bed();
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
          const held = await Promise.all(owners.map(holds));
          expect(held.reduce((sum, amount) => sum + Number(amount), 0)).toBe(30);
        }),
        { numRuns: 15 },
      );
      await auditLedger(database);
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
