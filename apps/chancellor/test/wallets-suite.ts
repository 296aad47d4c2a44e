// What wallets, their history and the genesis promise; run on the embedded database and on a server.
import {
  chancellor,
  eventSubject,
  GRANTABLE_ROLES,
  microToAmount,
  ROLE_PERMISSIONS,
  type Role,
} from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { chancellorEvents } from '../src/chancellor.events.js';
import { ISSUANCE } from '../src/ledger/accounts.js';
import { auditLedger, type Bed, GENESIS_MICRO, newKey, newWalletId, principal } from './bed.js';

/** Runs first on a fresh database: the genesis happens once in its life. */
export function genesisSuite(bed: () => Bed): void {
  describe('genesis', () => {
    it('opens the operator’s wallet and issues the amount once, however often the event comes', async () => {
      const { genesis, database, wallets, balance } = bed();
      const walletId = newWalletId();
      const event = { id: newKey(), at: new Date().toISOString(), payload: { walletId } };
      const listener = chancellorEvents(genesis(), wallets, { tell: () => undefined });
      await listener.operator_enrolled({ walletId }, event);
      await listener.operator_enrolled({ walletId }, event);
      await genesis(7n).enrol(walletId);
      const shown = await balance({ limit: 5 }, principal(walletId, 'operator'));
      expect(shown).toMatchObject({ role: 'operator', balance: microToAmount(GENESIS_MICRO) });
      expect(shown.history).toMatchObject([{ change: '1000000.00', counterparty: ISSUANCE, memo: 'genesis' }]);
      expect(chancellor.tools.get_balance.output.safeParse(shown).success).toBe(true);
      const { rows } = await database.pool.query<{ subject: string; payload: { payload: unknown } }>(
        'SELECT subject, payload FROM chancellor.outbox ORDER BY created_at, id',
      );
      expect(rows.map((row) => row.subject)).toEqual([
        eventSubject(chancellor.events.wallet_created),
        eventSubject(chancellor.events.transaction_posted),
      ]);
      expect(chancellor.events.transaction_posted.payload.safeParse(rows[1]?.payload.payload).success).toBe(true);
      await auditLedger(database);
    });

    it('issues nothing to a second operator, whose wallet opens empty', async () => {
      const { genesis, has, database } = bed();
      const walletId = newWalletId();
      await genesis().enrol(walletId);
      expect(await has(principal(walletId, 'operator'))).toBe('0.00');
      await auditLedger(database);
    });
  });
}

export function walletsSuite(bed: () => Bed): void {
  describe('create_boilerplate_wallet', () => {
    it.each(GRANTABLE_ROLES)('opens an empty wallet with the role %s and tells of it', async (role) => {
      const { wallets, database } = bed();
      const wallet = await wallets.create({ role, label: 'Marie’s notebook' });
      expect(chancellor.tools.create_boilerplate_wallet.output.parse(wallet)).toEqual(wallet);
      expect(wallet).toMatchObject({ role, label: 'Marie’s notebook', balance: '0.00' });
      expect(wallet.permissions).toEqual(ROLE_PERMISSIONS[role]);
      const { rows } = await database.pool.query(
        `SELECT subject, payload FROM chancellor.outbox WHERE payload #>> '{payload,walletId}' = $1`,
        [wallet.walletId],
      );
      expect(rows).toMatchObject([
        {
          subject: eventSubject(chancellor.events.wallet_created),
          payload: { at: wallet.createdAt, payload: { walletId: wallet.walletId, role } },
        },
      ]);
    });
  });

  describe('get_wallet', () => {
    it('answers with the role of one’s own wallet, and of any for who may read any', async () => {
      const { owner, wallets } = bed();
      const researcher = await owner(0n, 'researcher');
      const expected = { walletId: researcher.walletId, role: 'researcher', template: 'researcher', status: 'open' };
      expect(await wallets.get(undefined, researcher)).toMatchObject(expected);
      const operator = principal(newWalletId(), 'operator');
      const seen = await wallets.get(researcher.walletId, operator);
      expect(seen).toMatchObject(expected);
      expect(chancellor.tools.get_wallet.output.parse(seen)).toEqual(seen);
      await expect(wallets.get(newWalletId(), operator)).rejects.toMatchObject({ code: 'not_found' });
      await expect(wallets.get(researcher.walletId, await owner())).rejects.toMatchObject({ code: 'forbidden' });
    });
  });

  describe('a role that the operator changed', () => {
    it('is the wallet’s from then on; an older change, or one told twice, changes nothing', async () => {
      const { owner, wallets, genesis } = bed();
      const ada = await owner();
      const told: string[] = [];
      const listener = chancellorEvents(genesis(), wallets, { tell: ({ uris }) => void told.push(...uris) });
      const event = { id: newKey(), at: new Date().toISOString(), payload: {} };
      const heard = async (role: Role, change: number) => {
        await listener.role_set({ walletId: ada.walletId, role, change }, event as never);
        return (await wallets.get(ada.walletId, ada)).role;
      };
      expect(await heard('developer', 2)).toBe('developer');
      expect(await heard('validator', 1)).toBe('developer');
      expect(await heard('researcher', 2)).toBe('developer');
      expect(await heard('citizen', 3)).toBe('citizen');
      expect(told).toEqual(Array(2).fill(`wallet://${ada.walletId}`));
    });
  });

  describe('get_balance', () => {
    it('pages the history newest first, without gap or repetition, while new transactions arrive', async () => {
      const { owner, ledger, balance } = bed();
      const [payer, payee] = [await owner(100_000_000n), await owner()];
      const pay = (units: number) =>
        ledger.transfer(
          { to: payee.walletId, amount: `${units}`, memo: `no ${units}`, idempotencyKey: newKey() },
          payer,
        );
      for (let units = 1; units <= 7; units++) await pay(units);
      const memos: (string | null)[] = [];
      let before: string | undefined;
      for (let page = 0; page < 4; page++) {
        const answer = await balance({ limit: 2, ...(before === undefined ? {} : { before }) }, payee);
        expect(answer.balance).toBe(microToAmount(BigInt(28 + page * 10) * 1_000_000n));
        memos.push(...answer.history.map((entry) => entry.memo));
        before = answer.nextBefore;
        await pay(10);
      }
      expect(memos).toEqual(['no 7', 'no 6', 'no 5', 'no 4', 'no 3', 'no 2', 'no 1']);
      expect(before).toBeUndefined();
    });

    it('shows both sides of a payment with sign, balance after, counterparty and memo', async () => {
      const { owner, ledger, balance } = bed();
      const [payer, payee] = [await owner(3_000_000n), await owner()];
      const input = { to: payee.walletId, amount: '1.25', memo: 'for the flask', idempotencyKey: newKey() };
      const { transactionId, at } = await ledger.transfer(input, payer);
      const shown = { transactionId, at, memo: 'for the flask' };
      expect((await balance({ limit: 1 }, payer)).history).toEqual([
        { ...shown, kind: 'payment', change: '-1.25', balanceAfter: '1.75', counterparty: payee.walletId },
      ]);
      expect((await balance({ limit: 1 }, payee)).history).toEqual([
        { ...shown, kind: 'payment', change: '1.25', balanceAfter: '1.25', counterparty: payer.walletId },
      ]);
    });

    it('answers for a wallet without history, with a limit of none, and refuses a made-up cursor', async () => {
      const { owner, balance } = bed();
      const empty = await owner();
      const answer = await balance({ limit: 20 }, empty);
      expect(answer).toMatchObject({ balance: '0.00', history: [], label: null, currency: '$webxos' });
      expect(answer).not.toHaveProperty('nextBefore');
      const holder = await owner(1n);
      const none = await balance({ limit: 0 }, holder);
      expect(none).toMatchObject({ history: [], nextBefore: '2' });
      expect((await balance({ limit: 1, before: '2' }, holder)).history).toHaveLength(1);
      await expect(balance({ limit: 1, before: 'x' }, holder)).rejects.toMatchObject({ code: 'invalid_input' });
    });

    it('refuses another’s wallet with the same words whether or not it exists; the operator may read any', async () => {
      const { owner, balance } = bed();
      const [citizen, other] = [await owner(), await owner(5_000_000n)];
      const refusal = (walletId: string) =>
        balance({ walletId, limit: 0 }, citizen).catch(({ code, message, details }) => ({
          code,
          message: message.replace(walletId, '…'),
          details,
        }));
      expect(await refusal(other.walletId)).toMatchObject({ code: 'forbidden' });
      expect(await refusal(newWalletId())).toEqual(await refusal(other.walletId));
      const operator = principal(newWalletId(), 'operator');
      expect(await balance({ walletId: other.walletId, limit: 0 }, operator)).toMatchObject({ balance: '5.00' });
      await expect(balance({ walletId: newWalletId(), limit: 0 }, operator)).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });
}
