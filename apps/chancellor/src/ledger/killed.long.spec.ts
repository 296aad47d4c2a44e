// kill -9 under load, twenty times on each kind of database: the books stay clean, and no payment that was acknowledged is missing.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openDatabase } from '@labmesh/db';
import { postgresDatabase, temporaryFolder } from '@labmesh/testing';
import { expect, it } from 'vitest';
import { chancellorOver } from '../../test/bed.js';

const KILLS = 20;
const WALLETS = 4;

/** Pays around among the wallets, eight at once, and says each payment's key and transaction when it is acknowledged. */
const PAY_FOREVER = `
  import { openDatabase } from ${JSON.stringify(new URL('../../../../libs/db/dist/index.js', import.meta.url).href)};
  import { LedgerRepository } from ${JSON.stringify(new URL('../../dist/ledger/ledger.repository.js', import.meta.url).href)};
  const [folder, url, round, ...wallets] = process.argv.slice(1);
  const database = await openDatabase({ folder, ...(url === '-' ? {} : { url }) });
  const ledger = new LedgerRepository(database, { poke: () => undefined });
  const pay = async (client) => {
    for (let at = 0; ; at += 1) {
      const [from, to] = [wallets[(client + at) % wallets.length], wallets[(client + at + 1) % wallets.length]];
      const key = ['killed', round, client, at].join('-');
      const posted = await ledger.transfer({ from, to, amountMicro: 1n, memo: null, key });
      process.stdout.write([from, key, posted.transactionId].join(' ') + '\\n');
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, client) => pay(client)));
`;

/** What it acknowledged before it was killed: a line for each payment. */
async function paidUntilKilled(args: readonly string[]): Promise<string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PAY_FOREVER, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === 1) setTimeout(() => child.kill('SIGKILL'), randomInt(20, 250));
  }
  await gone;
  return lines.filter((line) => line.split(' ').length === 3 && line.length > 80);
}

async function killedTwentyTimes(folder: string, url: string | undefined): Promise<void> {
  const open = () => openDatabase({ folder, ...(url === undefined ? {} : { url }) });
  const first = await open();
  const bed = chancellorOver(first);
  const owners = await Promise.all(Array.from({ length: WALLETS }, () => bed.owner(1_000_000n)));
  await first.close();
  const acknowledged: string[] = [];
  for (let round = 0; round < KILLS; round += 1)
    acknowledged.push(
      ...(await paidUntilKilled([folder, url ?? '-', `${round}`, ...owners.map((owner) => owner.walletId)])),
    );
  expect(acknowledged.length).toBeGreaterThan(KILLS);
  const database = await open();
  try {
    const { verification, ledgerRows } = chancellorOver(database);
    expect(await verification.verify()).toMatchObject({ clean: true, issued: '4.00' });
    const ids = acknowledged.map((line) => line.split(' ')[2]);
    const { rows } = await database.pool.query<{ id: string }>(
      'SELECT id FROM chancellor.transactions WHERE id = ANY($1)',
      [ids],
    );
    const found = new Set(rows.map((row) => row.id));
    expect(ids.filter((id) => !found.has(id ?? ''))).toEqual([]);
    // Whoever lost the answer asks again, and gets the same one.
    const [from = '', key = '', id] = acknowledged.at(-1)?.split(' ') ?? [];
    const to = owners.map((owner) => owner.walletId)[(owners.findIndex((one) => one.walletId === from) + 1) % WALLETS];
    const again = await ledgerRows.transfer({ from, to: to ?? '', amountMicro: 1n, memo: null, key });
    expect(again).toMatchObject({ transactionId: id, replayed: true });
  } finally {
    await database.close();
  }
}

it('loses nothing that was acknowledged, embedded', { timeout: 900_000 }, async () => {
  const folder = await temporaryFolder('killed');
  try {
    await killedTwentyTimes(join(folder, 'pg'), undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('loses nothing that was acknowledged, on a server', { timeout: 300_000 }, async () => {
  await using server = await postgresDatabase();
  const folder = await temporaryFolder('killed');
  try {
    await killedTwentyTimes(folder, server.url);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
