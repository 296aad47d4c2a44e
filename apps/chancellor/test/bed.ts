// What the suites stand on: the Chancellor's parts over a given database, callers, and an audit of the whole ledger.

import { setTimeout } from 'node:timers/promises';
import { BlobReferences, type BlobStore } from '@labmesh/blobs';
import { BUILT_IN_POLICY, type Principal, ROLE_PERMISSIONS, type Role } from '@labmesh/contracts';
import type { Database } from '@labmesh/db';
import { CompiledPolicy } from '@labmesh/identity';
import { v7 as uuidv7 } from 'uuid';
import { expect } from 'vitest';
import { Parameters } from '../src/governance/parameters/parameters.js';
import { ParametersRepository } from '../src/governance/parameters/parameters.repository.js';
import { ISSUANCE } from '../src/ledger/accounts.js';
import { ExpiredHolds } from '../src/ledger/expired-holds.js';
import { Genesis } from '../src/ledger/genesis.js';
import { Holds } from '../src/ledger/holds.js';
import { HoldsRepository } from '../src/ledger/holds.repository.js';
import { Ledger } from '../src/ledger/ledger.js';
import { LedgerRepository } from '../src/ledger/ledger.repository.js';
import { StatementFiles } from '../src/ledger/statement-files.repository.js';
import { Statements } from '../src/ledger/statements.js';
import { StatementsRepository } from '../src/ledger/statements.repository.js';
import { Verification } from '../src/ledger/verification.repository.js';
import { WalletStatuses } from '../src/wallets/wallet-status.js';
import { Wallets } from '../src/wallets/wallets.js';
import { WalletsRepository } from '../src/wallets/wallets.repository.js';

export const GENESIS_MICRO = 1_000_000_000_000n;

/** The relay of events does not run here: rows stay in the outbox, where the suites count them. */
const idleRelay = { poke: () => undefined };

const NO_STORE = { put: () => Promise.reject(new Error('this suite keeps no files')) } as unknown as BlobStore;

export type Bed = ReturnType<typeof chancellorOver>;

/** `store`: where statements become files; left out where a suite makes none. */
export function chancellorOver(database: Database, store = NO_STORE) {
  const walletRows = new WalletsRepository(database, idleRelay);
  const ledgerRows = new LedgerRepository(database, idleRelay);
  const statementRows = new StatementsRepository(database);
  const holdRows = new HoldsRepository(database);
  const parameters = new Parameters(new ParametersRepository(database, idleRelay));
  const wallets = new Wallets(walletRows, { current: new CompiledPolicy(BUILT_IN_POLICY, 0) }, parameters);
  const statuses = new WalletStatuses(walletRows, ledgerRows);
  const ledger = new Ledger(ledgerRows, statementRows);
  const references = new BlobReferences({ database, store, agent: 'chancellor' });
  const statementFiles = new StatementFiles(database, references);
  const statements = new Statements(statementRows, statementFiles);
  const balance = statements.balance.bind(statements);
  const holds = new Holds(ledgerRows, holdRows);
  const expired = new ExpiredHolds(holdRows, ledgerRows);
  const verification = new Verification(database);
  const genesis = (amountMicro = GENESIS_MICRO) =>
    new Genesis(wallets, ledgerRows, { genesisAmountMicro: amountMicro });

  const issue = (to: string, amountMicro: bigint) =>
    ledgerRows.transfer({ from: ISSUANCE, to, amountMicro, memo: null, key: uuidv7() });

  /** Opens a wallet that holds so much, newly issued; answers as the principal that owns it. */
  async function owner(micro = 0n, role: Exclude<Role, 'operator'> = 'citizen'): Promise<Principal> {
    const { walletId } = await wallets.create({ role });
    if (micro > 0n) await issue(walletId, micro);
    return principal(walletId, role);
  }

  const has = async (who: Principal): Promise<string> => (await balance({ limit: 0 }, who)).balance;
  return {
    database,
    walletRows,
    ledgerRows,
    wallets,
    statuses,
    ledger,
    statements,
    statementFiles,
    references,
    balance,
    holds,
    expired,
    verification,
    genesis,
    issue,
    owner,
    has,
  };
}

export const principal = (walletId: string, role: Role): Principal => ({
  walletId,
  role,
  permissions: ROLE_PERMISSIONS[role],
  credentialId: 'test',
});

export const newWalletId = (): string => `wal_${uuidv7()}`;
export const newKey = (): string => `key-${uuidv7()}`;

/**
 * Holds the wallet's account locked until what `start` sends has reached the lock, then lets go: a real race, not a lucky
 * one. The embedded database has one connection, so there everything waits in line.
 */
export async function raceFor<T>(database: Database, walletId: string, start: () => Promise<T>[]): Promise<T[]> {
  const gate = await database.pool.connect();
  try {
    await gate.query('BEGIN');
    await gate.query('SELECT 1 FROM chancellor.accounts WHERE id = $1 FOR UPDATE', [walletId]);
    const racers = start();
    const finished = Promise.all(racers);
    finished.catch(() => undefined);
    // Callers of one process share statements: it takes one or two locks to hold them all up.
    if (database.kind === 'postgres') await waitForLocks(database, 1);
    await gate.query('COMMIT');
    return await finished;
  } finally {
    gate.release();
  }
}

async function waitForLocks(database: Database, count: number): Promise<void> {
  for (let round = 0; round < 500; round++) {
    const { rows } = await database.pool.query<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if ((rows[0]?.waiting ?? 0) >= count) return;
    await setTimeout(10);
  }
  throw new Error('the racers never reached the lock');
}

/** Money is neither made nor lost, every balance is the sum of its postings, every transaction told of itself once. */
export async function auditLedger(database: Database): Promise<void> {
  const { rows: accounts } = await database.pool.query(`
    SELECT a.id, a.balance_micro::text AS balance, a.posting_count::text AS count,
           coalesce(sum(p.change_micro), 0)::text AS summed, count(p.number)::text AS counted,
           coalesce(max(p.number), 0)::text AS newest
      FROM chancellor.accounts a LEFT JOIN chancellor.postings p ON p.account_id = a.id GROUP BY a.id`);
  for (const account of accounts) {
    expect({ ...account, balance: account.summed, count: account.counted, newest: account.counted }).toEqual(account);
    if (account.id !== ISSUANCE) expect(BigInt(account.balance)).toBeGreaterThanOrEqual(0n);
  }
  expect(accounts.reduce((sum, account) => sum + BigInt(account.balance), 0n)).toBe(0n);

  const { rows: broken } = await database.pool.query(`
    SELECT account_id, number FROM (
      SELECT account_id, number, balance_after_micro - change_micro AS before,
             lag(balance_after_micro, 1, 0::bigint) OVER (PARTITION BY account_id ORDER BY number) AS earlier
        FROM chancellor.postings) chain
     WHERE before <> earlier`);
  expect(broken).toEqual([]);

  const { rows: untold } = await database.pool.query(`
    SELECT t.id, count(o.id)::int AS told FROM chancellor.transactions t
      LEFT JOIN chancellor.outbox o ON o.payload #>> '{payload,transactionId}' = t.id
     GROUP BY t.id HAVING count(o.id) <> 1`);
  expect(untold).toEqual([]);
}
