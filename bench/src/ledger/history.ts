// A page of a history of a million entries beside a page of one of a thousand: the newest, and one in the middle.
import type { TestDatabase } from '@labmesh/testing';
import { type Figure, round } from '../report.js';
import { quantile, timed } from '../timed.js';
import { operatorOf, type Running } from './payers.js';

const LONG = 1_000_000;
const SHORT = 1_000;
const TURNS = 4;
const CALLS = 300;

export async function history(lab: Running, server: TestDatabase): Promise<{ figures: Figure[]; ratio: number }> {
  const operator = await operatorOf(lab);
  const open = async (entries: number): Promise<string> => {
    const { walletId } = (await operator('create_boilerplate_wallet', { role: 'citizen' })) as { walletId: string };
    await fill(server, walletId, entries);
    return walletId;
  };
  const [long, short] = [await open(LONG), await open(SHORT)];
  const times = { long: [] as number[], short: [] as number[] };
  const read = (walletId: string, entries: number): Promise<number[]> =>
    timed(CALLS, (at) =>
      operator('get_balance', { walletId, limit: 50, ...(at % 2 === 0 ? {} : { before: `${entries >> 1}` }) }),
    );
  for (let turn = 0; turn <= TURNS; turn += 1) {
    const [ofLong, ofShort] = [await read(long, LONG), await read(short, SHORT)];
    if (turn === 0) continue; // to warm up
    times.long.push(...ofLong);
    times.short.push(...ofShort);
  }
  const p50 = (all: number[]): number =>
    quantile(
      all.toSorted((a, b) => a - b),
      0.5,
    );
  const figure = (name: string, all: number[]): Figure => ({
    case: `a page of 50 through the bus, of ${name} entries`,
    values: { 'p50 us': round(p50(all)) },
  });
  return {
    figures: [figure('1,000', times.short), figure('1,000,000', times.long)],
    ratio: p50(times.long) / p50(times.short),
  };
}

/** Writes a history straight into the tables: the checks of a million rows are not what is measured. */
async function fill({ sql }: TestDatabase, walletId: string, entries: number): Promise<void> {
  const id = `'txn_${walletId.slice(4, 28)}' || lpad(to_hex(n), 12, '0')`;
  await sql(`
    SET session_replication_role = replica;
    INSERT INTO chancellor.transactions (id, kind, from_account_id, to_account_id, amount_micro, posted_at)
      SELECT ${id}, 'payment', 'treasury', '${walletId}', 1, timestamptz '2026-01-01' + n * interval '1 second'
        FROM generate_series(1, ${entries}) AS n;
    INSERT INTO chancellor.postings (account_id, number, transaction_id, change_micro, balance_after_micro)
      SELECT '${walletId}', n, ${id}, 1, n FROM generate_series(1, ${entries}) AS n;
    UPDATE chancellor.accounts SET balance_micro = ${entries}, posting_count = ${entries} WHERE id = '${walletId}';
    ANALYZE chancellor.transactions, chancellor.postings, chancellor.accounts`);
}
