// Recomputes the books from the entries alone, in the database, in one snapshot: what was checked, how many, what is wrong.
import { type chancellor, microToAmount, type ToolOutput } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

type Report = ToolOutput<(typeof chancellor.tools)['verify_ledger']>;

interface Check {
  readonly check: string;
  /** Answers `item` (what it looked at) and `sound`. */
  readonly sql: string;
}

const CHECKS: readonly Check[] = [
  {
    check: 'every balance is the sum of its entries, and counts them',
    sql: `SELECT a.id AS item, a.balance_micro = coalesce(s.sum, 0) AND a.posting_count = coalesce(s.count, 0)
                 AND coalesce(s.newest, 0) = a.posting_count AS sound
            FROM chancellor.accounts a LEFT JOIN (
              SELECT account_id, sum(change_micro) AS sum, count(*) AS count, max(number) AS newest
                FROM chancellor.postings GROUP BY account_id) s ON s.account_id = a.id`,
  },
  {
    check: 'every entry follows the one before it: number, running balance and time',
    sql: `SELECT account_id || ' ' || number AS item, (number = before + 1 AND balance_after_micro - change_micro = earlier
                 AND posted_at >= coalesce(time, posted_at)) IS TRUE AS sound
            FROM (
              SELECT p.account_id, p.number, p.change_micro, p.balance_after_micro, t.posted_at,
                     lag(p.number, 1, 0::bigint) OVER account AS before,
                     lag(p.balance_after_micro, 1, 0::bigint) OVER account AS earlier, lag(t.posted_at) OVER account AS time
                FROM chancellor.postings p LEFT JOIN chancellor.transactions t ON t.id = p.transaction_id
              WINDOW account AS (PARTITION BY p.account_id ORDER BY p.number)) chain`,
  },
  {
    check: 'every transaction has two legs or more, which sum to zero, and moves what it says',
    sql: `SELECT t.id AS item, (s.legs >= 2 AND s.sum = 0 AND s.paid = t.amount_micro) IS TRUE AS sound
            FROM chancellor.transactions t LEFT JOIN (
              SELECT p.transaction_id, count(*) AS legs, sum(p.change_micro) AS sum,
                     max(p.change_micro) FILTER (WHERE p.account_id = x.to_account_id) AS paid
                FROM chancellor.postings p JOIN chancellor.transactions x ON x.id = p.transaction_id
               GROUP BY p.transaction_id) s ON s.transaction_id = t.id`,
  },
  {
    check: 'all accounts together are zero',
    sql: `SELECT 'all accounts' AS item, coalesce(sum(balance_micro), 0) = 0 AS sound FROM chancellor.accounts`,
  },
  {
    check: 'only issuance is negative',
    sql: `SELECT id AS item, balance_micro >= 0 OR id = 'issuance' AS sound FROM chancellor.accounts`,
  },
  {
    check: 'every wallet has its three accounts',
    sql: `SELECT w.id AS item, count(a.id) = 3 AS sound
            FROM chancellor.wallets w LEFT JOIN chancellor.accounts a ON a.wallet_id = w.id GROUP BY w.id`,
  },
  {
    check: 'what a wallet has set aside is what is left of its holds',
    sql: `SELECT a.id AS item, a.balance_micro = coalesce(s.left, 0) AS sound
            FROM chancellor.accounts a LEFT JOIN (
              SELECT wallet_id, sum(amount_micro - captured_micro - released_micro) AS left
                FROM chancellor.holds GROUP BY wallet_id) s ON s.wallet_id = a.wallet_id
           WHERE a.kind = 'held'`,
  },
  {
    check: 'a hold was captured and released as its transactions say',
    sql: `SELECT h.id AS item, (t.kind = 'hold' AND t.amount_micro = h.amount_micro
                 AND h.captured_micro = coalesce(s.captured, 0)) IS TRUE AS sound
            FROM chancellor.holds h LEFT JOIN chancellor.transactions t ON t.id = h.id LEFT JOIN (
              SELECT related_id, sum(amount_micro) AS captured FROM chancellor.transactions
               WHERE kind = 'capture' GROUP BY related_id) s ON s.related_id = h.id`,
  },
  {
    check: 'no transaction was reversed for more than it moved',
    sql: `SELECT r.related_id AS item, (sum(r.amount_micro) <= min(t.amount_micro)) IS TRUE AS sound
            FROM chancellor.transactions r LEFT JOIN chancellor.transactions t ON t.id = r.related_id
           WHERE r.kind = 'reversal' GROUP BY r.related_id`,
  },
  {
    check: 'every kept answer that says posted has its transaction',
    sql: `SELECT o.owner_id || ' ' || o.key AS item, t.id IS NOT NULL AS sound
            FROM chancellor.outcomes o LEFT JOIN chancellor.transactions t ON t.id = o.transaction_id
           WHERE o.outcome = 'posted'`,
  },
];

interface CheckRow {
  readonly checked: string;
  readonly wrong: string;
  readonly examples: string[] | null;
}

interface CountRow {
  readonly accounts: string;
  readonly transactions: string;
  readonly entries: string;
  readonly issued: string;
  readonly at: Date;
}

const COUNTS = `
  SELECT (SELECT count(*) FROM chancellor.accounts) AS accounts, (SELECT count(*) FROM chancellor.transactions) AS transactions,
         (SELECT count(*) FROM chancellor.postings) AS entries,
         (SELECT -balance_micro FROM chancellor.accounts WHERE id = 'issuance') AS issued, clock_timestamp() AS at`;

@Injectable()
export class Verification {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Of one moment, whatever is posted meanwhile. */
  async verify(): Promise<Report> {
    const client = await this.database.pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const { rows } = await client.query<CountRow>(COUNTS);
      const checks: Report['checks'] = [];
      for (const { check, sql } of CHECKS) {
        const { rows: found } = await client.query<CheckRow>(`
          SELECT count(*) AS checked, count(*) FILTER (WHERE NOT sound) AS wrong,
                 (array_agg(item) FILTER (WHERE NOT sound))[1:5] AS examples FROM (${sql}) looked`);
        const { checked = '0', wrong = '0', examples = null } = found[0] ?? {};
        checks.push({ check, checked: Number(checked), wrong: Number(wrong), examples: examples ?? [] });
      }
      const counts = rows[0];
      if (counts === undefined) throw new Error('the database counted nothing');
      return {
        clean: checks.every((one) => one.wrong === 0),
        accounts: Number(counts.accounts),
        transactions: Number(counts.transactions),
        entries: Number(counts.entries),
        checks,
        issued: microToAmount(BigInt(counts.issued)),
        at: counts.at.toISOString(),
      };
    } finally {
      await client.query('ROLLBACK').catch(() => undefined);
      client.release();
    }
  }
}
