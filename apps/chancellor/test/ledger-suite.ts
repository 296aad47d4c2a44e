// What the ledger promises to one caller after another; run on the embedded database and on a server.
import { AMOUNT_MAX_MICRO, chancellor, eventSubject, microToAmount } from '@labmesh/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ISSUANCE } from '../src/ledger/accounts.js';
import { OUTCOMES, refusal } from '../src/ledger/outcomes.js';
import { auditLedger, type Bed, newKey, newWalletId } from './bed.js';

export function ledgerSuite(bed: () => Bed): void {
  describe('execute_transaction', () => {
    it('moves money and answers with what the payer has then', async () => {
      const { owner, ledger, has } = bed();
      const [payer, payee] = [await owner(10_000_000n), await owner()];
      const answer = await ledger.transfer(
        { to: payee.walletId, amount: '2.5', idempotencyKey: newKey(), memo: 'a pipette' },
        payer,
      );
      expect(answer).toMatchObject({ from: payer.walletId, to: payee.walletId, amount: '2.50', balance: '7.50' });
      expect(answer.replayed).toBe(false);
      expect(chancellor.tools.execute_transaction.output.parse(answer)).toEqual(answer);
      expect(await has(payer)).toBe('7.50');
      expect(await has(payee)).toBe('2.50');
    });

    it('answers a replay with the first answer and moves nothing, also after the balance has changed', async () => {
      const { owner, ledger, has } = bed();
      const [payer, payee] = [await owner(5_000_000n), await owner()];
      const payment = { to: payee.walletId, amount: '5', idempotencyKey: newKey() };
      const first = await ledger.transfer(payment, payer);
      await ledger.transfer({ to: payer.walletId, amount: '1', idempotencyKey: newKey() }, payee);
      const replay = await ledger.transfer({ ...payment, amount: '5.000000' }, payer);
      expect(replay).toEqual({ ...first, replayed: true });
      expect(await has(payer)).toBe('1.00');
    });

    it.each([
      ['amount', { amount: '2' }],
      ['memo', { memo: 'another' }],
    ])('refuses a key that comes back with another %s', async (_what, change) => {
      const { owner, ledger, has } = bed();
      const [payer, payee] = [await owner(5_000_000n), await owner()];
      const payment = { to: payee.walletId, amount: '1', memo: 'first', idempotencyKey: newKey() };
      await ledger.transfer(payment, payer);
      await expect(ledger.transfer({ ...payment, ...change }, payer)).rejects.toMatchObject({
        code: 'conflict',
        details: { reason: 'key_reused' },
      });
      expect(await has(payer)).toBe('4.00');
    });

    it('refuses a key that comes back for another payee, and lets another payer use the same key', async () => {
      const { owner, ledger } = bed();
      const [payer, payee, third] = [await owner(5_000_000n), await owner(), await owner(5_000_000n)];
      const payment = { to: payee.walletId, amount: '1', idempotencyKey: newKey() };
      await ledger.transfer(payment, payer);
      await expect(ledger.transfer({ ...payment, to: third.walletId }, payer)).rejects.toMatchObject({
        code: 'conflict',
      });
      expect(await ledger.transfer(payment, third)).toMatchObject({ replayed: false, balance: '4.00' });
    });

    it('refuses an overdraft in words a person can use, and the key keeps that answer', async () => {
      const { owner, ledger, issue } = bed();
      const [payer, payee] = [await owner(3_200_000n), await owner()];
      const payment = { to: payee.walletId, amount: '5', idempotencyKey: newKey() };
      const refused = {
        code: 'insufficient_funds',
        message: expect.stringContaining(`Cannot transfer 5.00: wallet ${payer.walletId} holds 3.20;`),
        details: { reason: 'insufficient_funds' },
      };
      await expect(ledger.transfer(payment, payer)).rejects.toMatchObject(refused);
      await issue(payer.walletId, 2_000_000n);
      await expect(ledger.transfer(payment, payer)).rejects.toMatchObject(refused);
      expect(await ledger.transfer({ ...payment, idempotencyKey: newKey() }, payer)).toMatchObject({ balance: '0.20' });
    });

    it('spends the last micro and not one more', async () => {
      const { owner, ledger, has } = bed();
      const [payer, payee] = [await owner(1n), await owner()];
      const pay = (amount: string) => ledger.transfer({ to: payee.walletId, amount, idempotencyKey: newKey() }, payer);
      await expect(pay('0.000002')).rejects.toMatchObject({ code: 'insufficient_funds' });
      expect(await pay('0.000001')).toMatchObject({ balance: '0.00' });
      expect(await has(payee)).toBe('0.000001');
    });

    it.each([
      ['below zero', '-1'],
      ['with seven digits after the point', '1.5000001'],
      ['with an exponent', '1e3'],
      ['that is no number', 'NaN'],
      ['of 2^63 millionths', '9223372036854.775808'],
      ['of 2^63', '9223372036854775808'],
      ['of ten thousand digits', '9'.repeat(10_000)],
      ['that is a number of JSON', 5],
      ['that is empty', ''],
    ])('has no input with an amount %s, and a sentence that says what an amount is', (_what, amount) => {
      const input = { to: newWalletId(), amount, idempotencyKey: newKey() };
      const parsed = chancellor.tools.execute_transaction.input.safeParse(input);
      expect(parsed.error?.issues).toMatchObject([
        { path: ['amount'], message: expect.stringMatching(/^an amount is a decimal number in quotes|^the most is/) },
      ]);
    });

    it('takes the most there is, exactly', () => {
      const input = { to: newWalletId(), amount: '9223372036854.775807', idempotencyKey: newKey() };
      expect(chancellor.tools.execute_transaction.input.parse(input)).toEqual(input);
    });

    it('refuses to pay nothing, each time anew: the key is not used up', async () => {
      const { owner, ledger } = bed();
      const [payer, payee] = [await owner(1_000_000n), await owner()];
      const payment = { to: payee.walletId, amount: '0', idempotencyKey: newKey() };
      const refused = { code: 'invalid_input', details: { reason: 'amount_not_positive' } };
      await expect(ledger.transfer(payment, payer)).rejects.toMatchObject(refused);
      await expect(ledger.transfer(payment, payer)).rejects.toMatchObject(refused);
      expect(await ledger.transfer({ ...payment, amount: '1' }, payer)).toMatchObject({ balance: '0.00' });
    });

    it('names each outcome in the order in which it looks for them', () => {
      expect(new Set(OUTCOMES).size).toBe(OUTCOMES.length);
      const asked = { what: 'transfer 1.00', from: 'wal_a', to: 'wal_b', key: 'a key', of: 'txn_1' };
      for (const outcome of OUTCOMES)
        if (outcome !== 'posted') expect(refusal(outcome, asked, 5n).message).toMatch(/^Cannot transfer 1.00: .{20}/);
    });

    it('refuses to pay oneself, an unknown wallet, and from a wallet that was never opened', async () => {
      const { owner, ledger } = bed();
      const payer = await owner(1_000_000n);
      const pay = (to: string, who = payer) => ledger.transfer({ to, amount: '1', idempotencyKey: newKey() }, who);
      await expect(pay(payer.walletId)).rejects.toMatchObject({ code: 'invalid_input' });
      await expect(pay(newWalletId())).rejects.toMatchObject({ code: 'not_found', details: { reason: 'unknown_to' } });
      await expect(pay(payer.walletId, { ...payer, walletId: newWalletId() })).rejects.toMatchObject({
        code: 'not_found',
        details: { reason: 'unknown_from' },
      });
    });

    it('refuses a payment that would take the payee over the most a wallet can hold', async () => {
      const { owner, ledgerRows, ledger } = bed();
      const rich = await owner();
      const giver = await owner(2_000_000n);
      // Issued in pieces and burnt afterwards: issuance as well may not leave the range.
      const issued = -(await issuanceBalance(bed()));
      const rest = AMOUNT_MAX_MICRO - issued;
      await ledgerRows.transfer({ from: ISSUANCE, to: rich.walletId, amountMicro: rest, memo: null, key: newKey() });
      const more = { from: ISSUANCE, to: rich.walletId, amountMicro: 1n, memo: null, key: newKey() };
      await expect(ledgerRows.transfer(more)).rejects.toMatchObject({ details: { reason: 'balance_too_large' } });
      expect(await ledger.transfer({ to: rich.walletId, amount: '1', idempotencyKey: newKey() }, giver)).toMatchObject({
        balance: '1.00',
      });
      const back = { from: rich.walletId, to: ISSUANCE, amountMicro: rest, memo: null, key: newKey() };
      await ledgerRows.transfer(back);
    });

    it('refuses control characters before they get there, and says which', async () => {
      const { owner, ledger } = bed();
      const [payer, payee] = [await owner(1_000_000n), await owner()];
      const payment = { to: payee.walletId, amount: '1', idempotencyKey: newKey() };
      for (const memo of ['a\0b', 'a\u001b[2Jb', 'a\nb', 'a\u0085b'])
        await expect(ledger.transfer({ ...payment, memo }, payer)).rejects.toMatchObject({
          code: 'invalid_input',
          message: expect.stringMatching(
            /^Cannot keep memo: it has a control character \(U\+00[0-9A-F]{2}\) at place 2/,
          ),
        });
    });

    it('pays from the caller’s own wallet only, whoever calls', async () => {
      const { owner, ledger, genesis } = bed();
      const [victim, payee] = [await owner(1_000_000n), await owner()];
      const operatorId = newWalletId();
      await genesis().enrol(operatorId);
      for (const thief of [payee, { ...payee, walletId: operatorId, role: 'operator' as const }]) {
        const theft = { from: victim.walletId, to: payee.walletId, amount: '1', idempotencyKey: newKey() };
        await expect(ledger.transfer(theft, thief)).rejects.toMatchObject({ code: 'forbidden' });
      }
    });
  });

  describe('the ledger against a model', () => {
    const command = fc.record({
      from: fc.nat(3),
      to: fc.nat(3),
      micro: fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 1_500n)),
      key: fc.nat(7),
      memo: fc.option(fc.constantFrom('a', 'b'), { freq: 3 }),
    });

    it('answers every random sequence of transfers as a plain map of balances would', async () => {
      const { owner, ledger, has } = bed();
      await fc.assert(
        fc.asyncProperty(fc.array(command, { maxLength: 30 }), async (commands) => {
          const owners = await Promise.all([1_000n, 500n, 1n, 0n].map((micro) => owner(micro)));
          const model = new Model([1_000n, 500n, 1n, 0n]);
          for (const step of commands) {
            const [payer, payee] = [owners[step.from], owners[step.to]];
            if (payer === undefined || payee === undefined) throw new Error('the generator left its range');
            const answer = await ledger
              .transfer(
                {
                  to: payee.walletId,
                  amount: microToAmount(step.micro),
                  idempotencyKey: `property-${step.key}`,
                  ...(step.memo === null ? {} : { memo: step.memo }),
                },
                payer,
              )
              .then(
                ({ balance, replayed }) => `${replayed ? 'replayed' : 'posted'} ${balance}`,
                (error) => error.details.reason,
              );
            expect(answer).toBe(model.transfer(step));
          }
          expect(await Promise.all(owners.map(has))).toEqual(model.balances.map(microToAmount));
        }),
        { numRuns: 40 },
      );
      await auditLedger(bed().database);
    });
  });

  describe('events', () => {
    it('tells of each transaction once, in the shape of the contract, and of no refusal or replay', async () => {
      const { owner, ledger, database } = bed();
      const [payer, payee] = [await owner(5_000_000n), await owner()];
      const payment = { to: payee.walletId, amount: '1.5', idempotencyKey: newKey() };
      const first = await ledger.transfer(payment, payer);
      await ledger.transfer(payment, payer);
      await ledger.transfer({ ...payment, amount: '2' }, payer).catch(() => undefined);
      await ledger.transfer({ ...payment, amount: '99', idempotencyKey: newKey() }, payer).catch(() => undefined);
      const { rows } = await database.pool.query(
        `SELECT id, subject, payload FROM chancellor.outbox WHERE payload #>> '{payload,from}' = $1`,
        [payer.walletId],
      );
      expect(rows).toEqual([
        {
          id: rows[0]?.id,
          subject: eventSubject(chancellor.events.transaction_posted),
          payload: {
            id: rows[0]?.id,
            at: first.at,
            payload: {
              transactionId: first.transactionId,
              kind: 'payment',
              from: payer.walletId,
              to: payee.walletId,
              amount: '1.50',
            },
          },
        },
      ]);
      expect(chancellor.events.transaction_posted.payload.safeParse(rows[0]?.payload.payload).success).toBe(true);
    });
  });

  describe('the database itself', () => {
    it('refuses a transaction without its two postings and any rewriting of history', async () => {
      const { owner, database } = bed();
      const [one, two] = [await owner(5n), await owner(5n)];
      const insert = `INSERT INTO chancellor.transactions (id, kind, from_account_id, to_account_id, amount_micro, posted_at)
        VALUES ($1, 'payment', $2, $3, 1, now())`;
      await expect(database.pool.query(insert, [newKey(), one.walletId, two.walletId])).rejects.toThrow('not balanced');
      for (const sql of [
        'UPDATE chancellor.postings SET change_micro = 7',
        'DELETE FROM chancellor.transactions',
        'TRUNCATE chancellor.postings',
      ]) {
        await expect(database.pool.query(sql)).rejects.toThrow('append-only');
      }
      const forged = `INSERT INTO chancellor.postings (account_id, number, transaction_id, change_micro, balance_after_micro)
        SELECT account_id, number + 1, transaction_id, 1, balance_after_micro + 1 FROM chancellor.postings
         WHERE account_id = $1`;
      await expect(database.pool.query(forged, [one.walletId])).rejects.toThrow();
      const enrich = 'UPDATE chancellor.accounts SET balance_micro = 6 WHERE id = $1';
      await expect(database.pool.query(enrich, [one.walletId])).rejects.toThrow(
        'does not hold what its newest posting says',
      );
      const overdraw = 'UPDATE chancellor.accounts SET balance_micro = -1 WHERE id = $1';
      await expect(database.pool.query(overdraw, [one.walletId])).rejects.toThrow('accounts_only_issuance_negative');
    });
  });
}

async function issuanceBalance({ database }: Bed): Promise<bigint> {
  const { rows } = await database.pool.query('SELECT balance_micro FROM chancellor.accounts WHERE id = $1', [ISSUANCE]);
  return BigInt(rows[0]?.balance_micro);
}

interface Step {
  readonly from: number;
  readonly to: number;
  readonly micro: bigint;
  readonly key: number;
  readonly memo: string | null;
}

/** The ledger as a child would write it: balances, and what each key was used for. */
class Model {
  readonly #used = new Map<string, { input: string; answer: string }>();

  constructor(readonly balances: bigint[]) {}

  transfer({ from, to, micro, key, memo }: Step): string {
    if (micro <= 0n) return 'amount_not_positive';
    if (from === to) return 'same_wallet';
    const input = `${to} ${micro} ${memo}`;
    const earlier = this.#used.get(`${from} ${key}`);
    if (earlier !== undefined) {
      if (earlier.input !== input) return 'key_reused';
      return /^\d/.test(earlier.answer) ? `replayed ${earlier.answer}` : earlier.answer;
    }
    const left = (this.balances[from] ?? 0n) - micro;
    const refused = left < 0n ? 'insufficient_funds' : undefined;
    if (refused !== undefined) {
      this.#used.set(`${from} ${key}`, { input, answer: refused });
      return refused;
    }
    this.balances[from] = left;
    this.balances[to] = (this.balances[to] ?? 0n) + micro;
    this.#used.set(`${from} ${key}`, { input, answer: microToAmount(left) });
    return `posted ${microToAmount(left)}`;
  }
}
