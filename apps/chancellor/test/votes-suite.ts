// Voting power and its delegation, counted once; and what governance promises to callers at the same moment.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newWalletId, principal } from './bed.js';
import type { GovernanceBed } from './governance-bed.js';
import { lifeOf } from './governance-suite.js';
import { refusal } from './parameters-suite.js';

const UNIT = 1_000_000n;

export function votesSuite(bed: () => GovernanceBed): void {
  describe('voting power', () => {
    it('is what was staked at the snapshot, whatever is moved later', async () => {
      const { propose, vote, clock, staker, stake } = await lifeOf(bed());
      const one = await staker(30n * UNIT);
      const id = await propose();
      await clock.pass(10);
      await stake(one.walletId, 5n * UNIT);
      await clock.pass(1);
      await stake(one.walletId, -20n * UNIT);
      expect((await vote(id, one)).power).toBe('35.00');
    });

    it('goes whole to one delegate, is not passed on, and comes back for later snapshots', async () => {
      const { propose, vote, clock, staker, delegations } = await lifeOf(bed());
      const [a, b, c] = [await staker(1n * UNIT), await staker(2n * UNIT), await staker(4n * UNIT)];
      expect(await delegations.set(a.walletId, b.walletId)).toMatchObject({ delegate: b.walletId, power: '0.00' });
      await delegations.set(b.walletId, c.walletId);
      const id = await propose();
      await clock.pass(10.5);
      await delegations.set(a.walletId, undefined);
      // b's own stake is c's, and a's is b's.
      expect((await vote(id, b)).power).toBe('1.00');
      expect((await vote(id, c)).power).toBe('6.00');
      await expect(vote(id, a)).rejects.toThrow(refusal('forbidden', /all of it delegated/));
      const next = await propose();
      await clock.pass(10.5);
      expect((await vote(next, a)).power).toBe('1.00');
      await expect(vote(next, b)).rejects.toThrow(refusal('forbidden', /no voting power/));
    });

    it('is delegated to another wallet that there is', async () => {
      const { staker, delegations } = await lifeOf(bed());
      const { walletId } = await staker(UNIT);
      await expect(delegations.set(walletId, walletId)).rejects.toThrow(
        refusal('invalid_input', /delegate to yourself/),
      );
      await expect(delegations.set(walletId, newWalletId())).rejects.toThrow(refusal('not_found', /no such wallet/));
      const { walletId: closed } = await bed().wallets.create({ role: 'citizen' });
      await bed().statuses.close({ walletId: closed, reason: 'gone' }, principal(newWalletId(), 'operator'));
      await expect(delegations.set(walletId, closed)).rejects.toThrow(refusal('conflict', /it is closed/));
      const to = (await staker(0n)).walletId;
      const first = await delegations.set(walletId, to);
      await bed().clock.pass(5);
      expect(await delegations.set(walletId, to)).toEqual(first);
    });

    it('is no use to a wallet while it is frozen: it neither votes, proposes nor delegates', async () => {
      const { propose, vote, clock, staker, governor, delegations, statuses } = await lifeOf(bed());
      const [one, other] = [await staker(30n * UNIT), await staker(0n)];
      const id = await propose();
      await clock.pass(10.5);
      const { walletId } = one;
      await statuses.freeze({ walletId, reason: 'looked into' });
      const frozen = refusal('forbidden', new RegExp(`wallet ${walletId} is frozen. Ask the operator`));
      await expect(vote(id, one)).rejects.toThrow(frozen);
      await expect(delegations.set(walletId, other.walletId)).rejects.toThrow(frozen);
      await expect(delegations.set(walletId, undefined)).rejects.toThrow(frozen);
      await expect(governor.propose({ title: 'a', text: 'b' }, one)).rejects.toThrow(frozen);
      await statuses.unfreeze({ walletId, reason: 'nothing found' });
      expect((await vote(id, one)).power).toBe('30.00');
      expect(await delegations.set(walletId, other.walletId)).toMatchObject({ delegate: other.walletId });
    });

    it('is never counted twice: at any time the powers of all wallets are all that is staked', async () => {
      const { staker, delegations, stake, clock, proposalRows, database } = await lifeOf(bed());
      const all = await Promise.all(Array.from({ length: 4 }, () => staker(10n * UNIT)));
      const wallets = all.map(({ walletId }) => walletId);
      const doing = fc.record({
        who: fc.nat(3),
        to: fc.option(fc.nat(3)),
        change: fc.integer({ min: -2, max: 5 }),
        seconds: fc.nat(2),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(doing, { minLength: 1, maxLength: 6 }), async (doings) => {
          const times = [clock.now()];
          for (const { who, to, change, seconds } of doings) {
            await clock.pass(seconds);
            const wallet = wallets[who] ?? '';
            const delegate = to === null || to === who ? undefined : wallets[to];
            if (change === 0) await delegations.set(wallet, delegate);
            else await stake(wallet, BigInt(change)).catch(() => undefined);
            times.push(clock.now());
          }
          for (const at of times) {
            const powers = await Promise.all(wallets.map((wallet) => proposalRows.powerAt(wallet, at)));
            const { rows } = await database.pool.query<{ micro: string }>(
              'SELECT sum(chancellor.staked_at(w, $2))::text AS micro FROM unnest($1::text[]) w',
              [wallets, at],
            );
            expect(powers.reduce((sum, power) => sum + power, 0n).toString()).toBe(rows[0]?.micro);
          }
        }),
        { numRuns: 15 },
      );
    });
  });

  describe('at the same moment', () => {
    it('64 wallets vote, and each counts once', async () => {
      const { propose, vote, clock, staker, council, database } = await lifeOf(bed());
      const voters = await Promise.all(Array.from({ length: 64 }, (_, n) => staker(BigInt(n + 1) * UNIT)));
      const id = await propose();
      await clock.pass(11);
      await Promise.all(voters.map((voter, n) => vote(id, voter, { support: n % 2 === 0 ? 'for' : 'abstain' })));
      const { choices, quorum, voters: count } = await council.show(id, voters[0] ?? { walletId: '' });
      expect(choices.map(({ score }) => score)).toEqual(['1024.00', '0.00', '1056.00']);
      expect(quorum.counted).toBe('2080.00');
      expect(count).toBe(64);
      const { rows } = await database.pool.query(
        `SELECT count(*)::int AS told FROM chancellor.outbox WHERE payload #>> '{payload,proposalId}' = $1 AND subject LIKE '%vote_cast%'`,
        [id],
      );
      expect(rows).toEqual([{ told: 64 }]);
    });

    it('a wallet votes eight times: one counts, the others are a conflict', async () => {
      const { propose, vote, clock, voter, council } = await lifeOf(bed());
      const id = await propose();
      await clock.pass(11);
      const votes = await Promise.allSettled(Array.from({ length: 8 }, () => vote(id, voter)));
      const refused = votes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
      expect(refused).toEqual(Array(7).fill('conflict'));
      expect((await council.show(id, voter)).quorum.counted).toBe('50000.00');
    });

    it('eight execute: one does, and the parameters change once', async () => {
      const { propose, vote, clock, voter, governor, parameters } = await lifeOf(bed());
      const id = await propose();
      await clock.pass(11);
      await vote(id, voter);
      await clock.pass(100);
      const queued = await Promise.allSettled(Array.from({ length: 8 }, () => governor.queue(id)));
      expect(queued.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await clock.pass(50);
      const { version } = await parameters.current();
      const done = await Promise.allSettled(Array.from({ length: 8 }, () => governor.execute(id)));
      expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await parameters.current()).version).toBe(version + 1);
    });

    it('some vote and others delegate: nobody’s stake counts twice', async () => {
      const { propose, vote, clock, staker, delegations, council } = await lifeOf(bed());
      const pairs = await Promise.all(
        Array.from({ length: 8 }, async () => [await staker(UNIT), await staker(UNIT)] as const),
      );
      const id = await propose();
      await clock.pass(10.001);
      await Promise.allSettled(
        pairs.flatMap(([a, b]) => [delegations.set(a.walletId, b.walletId), vote(id, a), vote(id, b)]),
      );
      expect((await council.show(id, pairs[0]?.[0] ?? { walletId: '' })).quorum.counted).toBe('16.00');
    });
  });
}
