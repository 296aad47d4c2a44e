// A lab that had money before accounts came in threes: its balances, its history and the answers under its keys are the same after.
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Database } from '@labmesh/db';
import { postgresDatabase } from '@labmesh/testing';
import { expect, it } from 'vitest';
import { chancellorOver, principal } from '../../test/bed.js';

const MIGRATIONS = fileURLToPath(new URL('../../../../prisma/migrations/', import.meta.url));
const CHANGE = '20261128000700_chancellor_ledger';
const [ADA, BOB] = ['a', 'b'].map((last) => `wal_00000000-0000-0000-0000-00000000000${last}`) as [string, string];
const MEMO = 'a “pipette”\n\t\\ "quoted"';

const EARLIER = `
  INSERT INTO chancellor.wallets (id, role) VALUES ('${ADA}', 'citizen'), ('${BOB}', 'operator');
  INSERT INTO chancellor.accounts (id, wallet_id) SELECT id, id FROM chancellor.wallets;
  SELECT chancellor.transfer('txn_1', 'issuance', '${ADA}', 1000, NULL, 'first-key',
    '{"id": "00000000-0000-0000-0000-000000000001", "subject": "s", "payload": {}}');
  SELECT chancellor.transfer('txn_2', '${ADA}', '${BOB}', 400, E'a “pipette”\\n\\t\\\\ "quoted"', 'second-key',
    '{"id": "00000000-0000-0000-0000-000000000002", "subject": "s", "payload": {}}')`;

it('goes on where the earlier ledger stopped', async () => {
  await using server = await postgresDatabase();
  const names = (await readdir(MIGRATIONS)).filter((name) => /^\d/.test(name)).sort();
  for (const name of names) {
    if (name === CHANGE) await server.sql(EARLIER);
    await server.sql(await readFile(`${MIGRATIONS}${name}/migration.sql`, 'utf8'));
  }
  const { ledgerRows, balance, verification } = chancellorOver({ kind: 'postgres', pool: server.pool() } as Database);
  const ada = principal(ADA, 'citizen');
  expect(await balance({}, ada)).toMatchObject({
    balance: '0.0006',
    staked: '0.00',
    history: [
      { kind: 'payment', change: '-0.0004', memo: MEMO, counterparty: BOB },
      { kind: 'issuance', change: '0.001' },
    ],
  });
  const payment = { from: ADA, to: BOB, amountMicro: 400n, memo: MEMO, key: 'second-key' };
  expect(await ledgerRows.transfer(payment)).toMatchObject({
    transactionId: 'txn_2',
    balanceMicro: 600n,
    replayed: true,
  });
  await expect(ledgerRows.transfer({ ...payment, amountMicro: 1n })).rejects.toMatchObject({ code: 'conflict' });
  const first = { from: 'issuance', to: ADA, amountMicro: 1_000n, memo: null, key: 'first-key' };
  expect(await ledgerRows.transfer(first)).toMatchObject({ transactionId: 'txn_1', replayed: true });
  expect(await ledgerRows.transfer({ ...payment, key: 'third-key' })).toMatchObject({ balanceMicro: 200n });
  expect(await verification.verify()).toMatchObject({ clean: true, entries: 6 });
});
