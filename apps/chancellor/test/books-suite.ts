// What batches, reversals, statements, statuses, limits and the books' check promise; on the embedded database and on a server.
import { chancellor, type Principal } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { type Bed, newKey, newWalletId, principal } from './bed.js';

const reason = (name: string) => ({ details: { reason: name } });

export function batchSuite(bed: () => Bed): void {
  describe('execute_batch', () => {
    it('moves once for two of one key and body; of two that differ the second is refused, and the third still runs', async () => {
      const { owner, ledger, has } = bed();
      const [payer, payee] = [await owner(10_000_000n), await owner()];
      const item = (amount: string, idempotencyKey: string) => ({ to: payee.walletId, amount, idempotencyKey });
      const [same, other] = [newKey(), newKey()];
      const twins = await ledger.batch({ transfers: [item('1', same), item('1', same)] }, payer);
      expect(chancellor.tools.execute_batch.output.parse(twins)).toEqual(twins);
      const [first, second] = twins.outcomes;
      expect(first).toMatchObject({ outcome: 'posted', replayed: false });
      expect(second).toEqual({ ...first, replayed: true });
      const mixed = await ledger.batch({ transfers: [item('1', other), item('2', other), item('3', newKey())] }, payer);
      expect(mixed.outcomes.map((one) => one.outcome)).toEqual(['posted', 'key_reused', 'posted']);
      expect(mixed.balance).toBe('5.00');
      expect(await has(payee)).toBe('5.00');
    });

    it('linked, happens whole or not at all, and answers the same when it is sent again', async () => {
      const { owner, ledger, has } = bed();
      const [payer, payee, third] = [await owner(10_000_000n), await owner(), await owner()];
      const transfers = ['4', '9', '1'].map((amount, place) => ({
        to: (place === 2 ? third : payee).walletId,
        amount,
        idempotencyKey: newKey(),
      }));
      const refused = await ledger.batch({ linked: true, transfers }, payer);
      expect(refused.outcomes.map((one) => one.outcome)).toEqual([
        'linked_failed',
        'insufficient_funds',
        'linked_failed',
      ]);
      expect(refused.outcomes[1]?.message).toContain('holds 6.00');
      expect(await has(payer)).toBe('10.00');
      const again = await ledger.batch({ linked: true, transfers }, payer);
      expect(again.outcomes).toEqual(refused.outcomes.map((one) => ({ ...one, replayed: true })));
      const fine = transfers.map((one) => ({ ...one, amount: '2', idempotencyKey: newKey() }));
      expect(await ledger.batch({ linked: true, transfers: fine }, payer)).toMatchObject({
        posted: 3,
        balance: '4.00',
      });
      expect(await has(third)).toBe('2.00');
    });

    it('takes a thousand, each with its outcome in order', async () => {
      const { owner, ledger, verification } = bed();
      const [payer, payee] = [await owner(1_000_000n), await owner()];
      const transfers = Array.from({ length: 1_000 }, (_, place) => ({
        to: place % 100 === 99 ? newWalletId() : payee.walletId,
        amount: '0.001',
        idempotencyKey: newKey(),
      }));
      const { outcomes, posted, balance } = await ledger.batch({ transfers }, payer);
      expect(posted).toBe(990);
      expect(balance).toBe('0.01');
      expect(outcomes.map((one) => one.outcome === 'unknown_to')).toEqual(
        transfers.map((_, place) => place % 100 === 99),
      );
      expect((await verification.verify()).clean).toBe(true);
    });
  });
}

export function reversalSuite(bed: () => Bed): void {
  describe('reverse_transaction', () => {
    const pay = (payer: Principal, payee: Principal, amount: string) =>
      bed().ledger.transfer({ to: payee.walletId, amount, idempotencyKey: newKey() }, payer);
    const reverse = (transactionId: string, who: Principal, amount?: string) =>
      bed().ledger.reverse(
        { transactionId, idempotencyKey: newKey(), ...(amount === undefined ? {} : { amount }) },
        who,
      );

    it('gives back in parts, in sum no more than was paid, and never a reversal', async () => {
      const { owner, has } = bed();
      const [payer, payee] = [await owner(10_000_000n), await owner(5_000_000n)];
      const { transactionId } = await pay(payer, payee, '10');
      const part = await reverse(transactionId, payee, '4');
      expect(chancellor.tools.reverse_transaction.output.parse(part)).toEqual(part);
      await expect(reverse(transactionId, payee, '7')).rejects.toMatchObject(reason('over_reversed'));
      expect(await reverse(transactionId, payee)).toMatchObject({ amount: '6.00', to: payer.walletId });
      await expect(reverse(transactionId, payee)).rejects.toMatchObject(reason('over_reversed'));
      await expect(reverse(part.transactionId, payer)).rejects.toMatchObject(reason('not_reversible'));
      expect([await has(payer), await has(payee)]).toEqual(['10.00', '5.00']);
    });

    it('says so when the receiver has spent it', async () => {
      const { owner } = bed();
      const [payer, payee, third] = [await owner(10_000_000n), await owner(), await owner()];
      const { transactionId } = await pay(payer, payee, '10');
      await pay(payee, third, '7');
      await expect(reverse(transactionId, payee)).rejects.toMatchObject({
        code: 'insufficient_funds',
        ...reason('spent_by_receiver'),
        message: expect.stringContaining('has spent it and holds 3.00'),
      });
    });

    it('is the receiver’s and the operator’s; the payer is told whom to ask, others that there is nothing', async () => {
      const { owner } = bed();
      const [payer, payee, stranger] = [await owner(10_000_000n), await owner(), await owner()];
      const { transactionId } = await pay(payer, payee, '10');
      await expect(reverse(transactionId, payer)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(reverse(transactionId, stranger)).rejects.toMatchObject({ code: 'not_found' });
      const boss = principal(stranger.walletId, 'operator');
      expect(await reverse(transactionId, boss)).toMatchObject({ amount: '10.00' });
    });

    it('happens once when ten refund at once', async () => {
      const { owner, has } = bed();
      const [payer, payee] = [await owner(10_000_000n), await owner(90_000_000n)];
      const { transactionId } = await pay(payer, payee, '10');
      const answers = await Promise.allSettled(Array.from({ length: 10 }, () => reverse(transactionId, payee)));
      expect(answers.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
      expect(await has(payer)).toBe('10.00');
    });
  });
}

export function statementSuite(bed: () => Bed): void {
  describe('histories', () => {
    it('are filtered by kind, counterparty and time, and tell the balance at a time', async () => {
      const { owner, ledger, holds, balance } = bed();
      const [payer, one, two] = [await owner(10_000_000n), await owner(), await owner()];
      const pay = (who: Principal, amount: string) =>
        ledger.transfer({ to: who.walletId, amount, idempotencyKey: newKey() }, payer);
      const first = await pay(one, '1');
      await new Promise((resolve) => setTimeout(resolve, 5));
      const second = await pay(two, '2');
      const held = await holds.hold({ to: one.walletId, amount: '3', idempotencyKey: newKey() }, payer);
      const changes = async (input: Parameters<typeof balance>[0]) =>
        (await balance(input, payer)).history.map((entry) => entry.change);
      expect(await changes({ counterparty: one.walletId })).toEqual(['-1.00']);
      expect(await changes({ kind: 'hold' })).toEqual(['-3.00']);
      expect(await changes({ from: second.at })).toEqual(['-3.00', '-2.00']);
      expect(await changes({ to: second.at, kind: 'payment' })).toEqual(['-1.00']);
      expect(await changes({ account: 'held' })).toEqual(['3.00']);
      expect(await balance({ at: first.at }, payer)).toMatchObject({ balance: '9.00', held: '0.00' });
      expect(await balance({ at: held.at, limit: 1 }, payer)).toMatchObject({ balance: '4.00', held: '3.00' });
      expect(await balance({ at: '2020-01-01T00:00:00Z' }, payer)).toMatchObject({ balance: '0.00', history: [] });
    });

    it('are exported oldest first, as CSV that quotes what it must, and as JSON', async () => {
      const { owner, ledger, statements } = bed();
      const [payer, payee] = [await owner(10_000_000n), await owner()];
      const memo = 'a "pipette", two';
      const { at, transactionId } = await ledger.transfer(
        { to: payee.walletId, amount: '1', memo, idempotencyKey: newKey() },
        payer,
      );
      const wanted = { account: 'available', as: 'content' } as const;
      const asking = { principal: payer };
      const csv = await statements.export({ ...wanted, format: 'csv' }, asking);
      expect(chancellor.tools.export_statement.output.parse(csv)).toEqual(csv);
      const lines = (csv.content ?? '').split('\r\n');
      expect(lines).toHaveLength(4);
      expect(lines[2]).toBe(`${at},${transactionId},payment,-1.00,9.00,${payee.walletId},"a ""pipette"", two"`);
      const json = await statements.export({ ...wanted, format: 'json' }, asking);
      expect(JSON.parse(json.content ?? '')).toMatchObject([{ kind: 'issuance' }, { kind: 'payment', memo }]);
      await expect(
        statements.export({ ...wanted, walletId: payee.walletId, format: 'json' }, asking),
      ).rejects.toMatchObject({ code: 'forbidden' });
    });
  });
}

export function statusSuite(bed: () => Bed): void {
  const pay = (payer: Principal, payee: Principal, amount = '1') =>
    bed().ledger.transfer({ to: payee.walletId, amount, idempotencyKey: newKey() }, payer);

  describe('wallets', () => {
    it('frozen, are paid and pay nothing, until they are unfrozen', async () => {
      const { owner, statuses, holds, wallets } = bed();
      const [payer, payee] = [await owner(10_000_000n), await owner(5_000_000n)];
      const { holdId } = await holds.hold({ to: payee.walletId, amount: '1', idempotencyKey: newKey() }, payer);
      await statuses.freeze({ walletId: payer.walletId, reason: 'asked by its owner' });
      expect(await wallets.get(undefined, payer)).toMatchObject({
        status: 'frozen',
        statusReason: 'asked by its owner',
      });
      await expect(pay(payer, payee)).rejects.toMatchObject({ code: 'forbidden', ...reason('from_frozen') });
      await expect(holds.capture({ holdId, idempotencyKey: newKey() }, payee)).rejects.toMatchObject(
        reason('from_frozen'),
      );
      await pay(payee, payer);
      await statuses.unfreeze({ walletId: payer.walletId, reason: 'cleared' });
      expect(await pay(payer, payee)).toMatchObject({ balance: '9.00' });
    });

    it('are closed when they are empty and not before, keep their history, and take nothing any more', async () => {
      const { owner, statuses, balance } = bed();
      const [payer, payee] = [await owner(2_000_000n), await owner(1_000_000n)];
      const close = (who: Principal, walletId?: string) =>
        statuses.close({ reason: 'left the lab', ...(walletId === undefined ? {} : { walletId }) }, who);
      await expect(close(payer)).rejects.toMatchObject({ code: 'conflict', ...reason('not_empty') });
      await expect(close(payee, payer.walletId)).rejects.toMatchObject({ code: 'forbidden' });
      await pay(payer, payee, '2');
      expect(await close(payer)).toMatchObject({ status: 'closed' });
      expect(await close(payer)).toMatchObject({ status: 'closed' });
      await expect(pay(payee, payer)).rejects.toMatchObject({ code: 'conflict', ...reason('to_closed') });
      await expect(pay(payer, payee)).rejects.toMatchObject({ code: 'conflict', ...reason('from_closed') });
      await expect(statuses.unfreeze({ walletId: payer.walletId, reason: 'back' })).rejects.toMatchObject({
        code: 'conflict',
      });
      expect((await balance({}, payer)).history).toHaveLength(2);
    });

    it('are told of in the order of outcomes: a closed payer, a closed payee, a frozen payer, then the rest', async () => {
      const { owner, statuses, holds, ledger } = bed();
      const [frozen, gone] = [await owner(5_000_000n), await owner()];
      const { transactionId } = await ledger.transfer(
        { to: gone.walletId, amount: '1', idempotencyKey: newKey() },
        frozen,
      );
      const { holdId } = await holds.hold({ to: gone.walletId, amount: '1', idempotencyKey: newKey() }, frozen);
      await holds.capture({ holdId, idempotencyKey: newKey() }, gone);
      await statuses.freeze({ walletId: frozen.walletId, reason: 'for now' });
      // Nothing is left of the hold.
      await expect(holds.capture({ holdId, idempotencyKey: newKey() }, gone)).rejects.toMatchObject(
        reason('from_frozen'),
      );
      const reverse = (amount?: string) =>
        ledger.reverse({ transactionId, idempotencyKey: newKey(), ...(amount === undefined ? {} : { amount }) }, gone);
      await reverse();
      await statuses.unfreeze({ walletId: frozen.walletId, reason: 'to be paid' });
      await pay(gone, frozen);
      await statuses.freeze({ walletId: frozen.walletId, reason: 'for now' });
      await statuses.close({ reason: 'left the lab' }, gone);
      await expect(pay(frozen, gone, '1000')).rejects.toMatchObject(reason('to_closed'));
      await expect(reverse()).rejects.toMatchObject(reason('from_closed'));
    });

    it('are one for each owner, however often and however many ask at once', async () => {
      const { wallets } = bed();
      const input = { role: 'researcher', owner: `https://orcid.org/${newKey()}` } as const;
      const made = await Promise.all(Array.from({ length: 5 }, () => wallets.create(input)));
      expect(new Set(made.map((one) => one.walletId)).size).toBe(1);
      await expect(wallets.create({ ...input, role: 'citizen' })).rejects.toMatchObject({ code: 'conflict' });
    });

    it('are their owner’s under the template that they were opened from, whatever role they have since', async () => {
      const { wallets } = bed();
      const input = { role: 'researcher', owner: `https://orcid.org/${newKey()}` } as const;
      const made = await wallets.create(input);
      await wallets.changeRole({ walletId: made.walletId, role: 'citizen', change: 1 });
      const { permissions: _before, ...same } = made;
      expect(await wallets.create(input)).toMatchObject({ ...same, role: 'citizen' });
      await expect(wallets.create({ ...input, role: 'citizen' })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('opened as researcher'),
      });
    });

    it('are listed page by page, and open from four templates with limits and rates of their own', async () => {
      const { owner, wallets } = bed();
      const [one, two] = [await owner(), await owner()];
      const seen: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < 200; page++) {
        const answer = await wallets.list({ limit: 40, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...answer.wallets.map((wallet) => wallet.walletId));
        cursor = answer.nextCursor;
        if (cursor === undefined) break;
      }
      expect(seen).toEqual([...new Set(seen)].sort());
      expect(seen).toEqual(expect.arrayContaining([one.walletId, two.walletId]));
      const { templates } = await wallets.templates();
      expect(templates.map((template) => template.name)).toEqual(['citizen', 'developer', 'researcher', 'validator']);
      expect(
        new Set(templates.map(({ role, earningRate, limits }) => JSON.stringify({ role, earningRate, limits }))).size,
      ).toBe(4);
    });

    it('keep to the limits of their template, per transaction and per day', async () => {
      const { owner, ledger } = bed();
      const [payer, payee] = [await owner(60_000_000_000n), await owner()];
      await expect(pay(payer, payee, '10000.000001')).rejects.toMatchObject({
        code: 'forbidden',
        ...reason('over_transaction_limit'),
      });
      const transfers = Array.from({ length: 5 }, () => ({
        to: payee.walletId,
        amount: '9000',
        idempotencyKey: newKey(),
      }));
      const { outcomes } = await ledger.batch({ transfers }, payer);
      expect(outcomes.map((one) => one.outcome)).toEqual([...Array(4).fill('posted'), 'over_daily_limit']);
      expect(outcomes[4]?.message).toContain('may pay 4000.00 more today');
      expect(await pay(payer, payee, '4000')).toMatchObject({ balance: '20000.00' });
    });
  });
}

export function booksSuite(bed: () => Bed): void {
  describe('the books', () => {
    it('are found clean, with what was checked and how much', async () => {
      const { verification } = bed();
      const report = await verification.verify();
      expect(chancellor.tools.verify_ledger.output.parse(report)).toEqual(report);
      expect(report).toMatchObject({ clean: true });
      expect(report.checks.every((one) => one.checked > 0 || one.check.includes('reversed'))).toBe(true);
      expect(report.entries).toBeGreaterThan(report.transactions);
    });

    it('never go back in time within an account, however far the clock is set back', async () => {
      const { owner, ledger, database, verification, balance } = bed();
      const [payer, payee] = [await owner(5_000_000n), await owner()];
      const pay = () => ledger.transfer({ to: payee.walletId, amount: '1', idempotencyKey: newKey() }, payer);
      await pay();
      // As if the clock had been an hour ahead when the payer was last posted to.
      await database.pool.query(`UPDATE chancellor.accounts SET last_at = last_at + interval '1 hour' WHERE id = $1`, [
        payer.walletId,
      ]);
      const [second, third] = [await pay(), await pay()];
      expect(Date.parse(second.at)).toBeGreaterThan(Date.now() + 3_000_000);
      expect(third.at >= second.at).toBe(true);
      const times = (await balance({}, payee)).history.map((entry) => entry.at);
      expect(times).toEqual([...times].sort().reverse());
      expect((await verification.verify()).clean).toBe(true);
    });

    it('are found wrong where somebody wrote past the checks, and where exactly', async () => {
      const { owner, database, verification } = bed();
      const victim = await owner(5_000_000n);
      const tamper = async (change: string) => {
        await database.pool.query('ALTER TABLE chancellor.accounts DISABLE TRIGGER accounts_as_posted');
        await database.pool.query(
          `UPDATE chancellor.accounts SET balance_micro = balance_micro ${change} WHERE id = $1`,
          [victim.walletId],
        );
        await database.pool.query('ALTER TABLE chancellor.accounts ENABLE TRIGGER accounts_as_posted');
      };
      await tamper('+ 7');
      const report = await verification.verify();
      expect(report.clean).toBe(false);
      const wrong = report.checks.filter((one) => one.wrong > 0);
      expect(wrong.map((one) => one.examples)).toEqual([[victim.walletId], ['all accounts']]);
      await tamper('- 7');
      expect((await verification.verify()).clean).toBe(true);
    });
  });
}
