// What the registry of parameters promises: bounds, versions, and one switch that is thrown once.
import { describe, expect, it } from 'vitest';
import { newWalletId, principal } from './bed.js';
import type { GovernanceBed } from './governance-bed.js';

const operator = principal(newWalletId(), 'operator');

export const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error;

/** Throws the switch: runs last. */
export function parametersSuite(bed: () => GovernanceBed): void {
  describe('parameters', () => {
    it('begin as every lab does, and are changed in versions that stay', async () => {
      const { parameters, clock } = bed();
      expect(await parameters.at(0)).toMatchObject({ version: 0, setAt: null });
      const before = await parameters.current();
      await clock.pass(10);
      const { version } = await parameters.set([{ parameter: 'rewards.dataset_contributed', value: '7.25' }], operator);
      expect(version).toBe(before.version + 1);
      const now = await parameters.current();
      expect(now.values['rewards.dataset_contributed']).toBe(7_250_000n);
      expect(now).toMatchObject({ setBy: operator.walletId, setAt: clock.now() });
      await clock.pass(10);
      await parameters.set([{ parameter: 'rewards.dataset_contributed', value: '8' }], operator);
      expect(await parameters.at(version)).toEqual(now);
      expect(await parameters.inForceAt(new Date(clock.now().getTime() - 1))).toEqual(now);
      expect((await parameters.inForceAt(clock.now())).version).toBe(version + 1);
      await expect(parameters.at(10_000)).rejects.toThrow(refusal('not_found', /the newest one is/));
    });

    it('are what a list of templates and a new wallet show of earning rates', async () => {
      const { parameters, wallets } = bed();
      await parameters.set([{ parameter: 'rewards.rate.validator', value: '1.75' }], operator);
      const { templates } = await wallets.templates();
      expect(templates.find(({ name }) => name === 'validator')).toMatchObject({ earningRate: '1.75' });
      expect(await wallets.create({ role: 'validator' })).toMatchObject({ earningRate: '1.75' });
    });

    it.each([
      ['governance.quroum', '5', /no such parameter; there are governance\.proposal_threshold/],
      ['toString', '5', /no such parameter; get_parameters has all names/],
      ['governance.quorum', '0', /0 is outside its bounds, 1 to 10000/],
      ['governance.quorum', '10001', /10001 is outside its bounds/],
      ['governance.quorum', '4.5', /"4\.5" is not a whole number of basis points/],
      ['governance.quorum', '-1', /"-1" is not a whole number/],
      ['governance.voting_period', '1e3', /"1e3" is not a whole number of seconds/],
      ['rewards.dataset_contributed', '1.0000001', /not an amount of \$webxos with at most 6 digits/],
      ['rewards.dataset_contributed', '10000.000001', /outside its bounds, 0\.00 to 10000\.00/],
      ['rewards.rate.citizen', 'NaN', /"NaN" is not a factor/],
    ])('refuse %s = %s', async (parameter, value, why) => {
      const { parameters } = bed();
      const { version } = await parameters.current();
      const good = { parameter: 'governance.approval', value: '6000' };
      await expect(parameters.set([good, { parameter, value }], operator)).rejects.toThrow(
        refusal('invalid_input', why),
      );
      expect((await parameters.current()).version).toBe(version);
    });

    it('refuse one that is named twice', async () => {
      const one = { parameter: 'governance.quorum', value: '5' };
      await expect(bed().parameters.set([one, one], operator)).rejects.toThrow(refusal('invalid_input', /named twice/));
    });

    it('number their versions without a gap, whoever sets them at once', async () => {
      const { parameters } = bed();
      const { version: before } = await parameters.current();
      const set = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          parameters.set([{ parameter: 'governance.quorum', value: `${n + 1}` }], operator),
        ),
      );
      expect(set.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(set.map((_, n) => before + n + 1));
    });

    it('are the DAO’s for good, once it is on; and it goes on only where its members are not locked out', async () => {
      const { parameters, database } = bed();
      const set = (parameter: string, value: string) => parameters.set([{ parameter, value }], operator);
      await set('governance.execution_grace', '7200');
      await set('governance.voting_period', '60');
      await expect(parameters.enableDao(operator)).rejects.toThrow(
        refusal('conflict', /governance\.voting_period is less than 3600/),
      );
      await set('governance.voting_period', '3600');
      const first = await parameters.enableDao(operator);
      expect(await parameters.enableDao(principal(newWalletId(), 'operator'))).toEqual(first);
      await expect(parameters.set([{ parameter: 'governance.quorum', value: '5' }], operator)).rejects.toThrow(
        refusal('conflict', /the DAO is on, and only an executed proposal/),
      );
      expect(await parameters.describe({})).toMatchObject({ daoEnabled: true });
      const { rows } = await database.pool.query(
        `SELECT count(*)::int AS told FROM chancellor.outbox WHERE subject LIKE '%dao_enabled%'`,
      );
      expect(rows).toEqual([{ told: 1 }]);
    });
  });
}
