// `labmesh wallet batch`: many payments of a file, all or none, or each for itself, with an outcome for each in order.
import { readFile } from 'node:fs/promises';
import { AppError, amountToMicro, BATCH_MAX, chancellor, microToAmount } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import { localFile } from '../dataset/local-file.js';
import { confirmed } from '../output/confirmed.js';
import type { Output } from '../output/output.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { type Payment, paymentsIn } from './batch-file.js';
import { intentKey, KEY, keyOf } from './intent-key.js';

const HELP = `
The file is CSV. Its first line names the columns: to and amount, and memo and key where you want them. Rows without a key get
one made of the key that is printed and their number: when it is not clear what went through, run it again with --key and the
same file, and no row is paid twice. A row that was refused stays refused under its key: to try it again, put it into a file of
its own. More than ${BATCH_MAX} rows go in portions; --linked takes at most ${BATCH_MAX}.

Examples:
  npx @labmesh/cli wallet batch salaries.csv --linked
  npx @labmesh/cli wallet batch prizes.csv --json | jq -r '.outcomes[] | select(.outcome != "posted").row'`;

interface BatchOptions {
  readonly linked?: boolean;
  readonly key?: string;
  readonly yes?: boolean;
}

type Told = z.output<typeof chancellor.tools.execute_batch.output>;

interface Done {
  readonly outcomes: Array<Told['outcomes'][number] & Payment & { row: number }>;
  balance: string | undefined;
}

/** Room for the number of a row in a key. */
const ROW_DIGITS = 10;
const KEY_MAX = KEY.most - ROW_DIGITS;

export function addBatch(group: Command, session: Session): void {
  const command = group
    .command('batch')
    .description('pay what a CSV file lists, each row for itself or all or none')
    .argument('<file>', 'CSV with the columns to, amount, memo, key')
    .option('--linked', 'all or none')
    .option('--key <key>', 'the key of an earlier run of the same file', keyOf)
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((file: string, options: BatchOptions) => session.run(command, (work) => batch(work, file, options)));
}

async function batch(work: Work, name: string, { linked = false, key, yes }: BatchOptions): Promise<void> {
  const { output, host } = work;
  if (key !== undefined && key.length > KEY_MAX)
    throw new AppError('invalid_input', `Cannot use this key: for a file it has at most ${KEY_MAX} characters.`);
  const text = await readFile((await localFile(name, host.cwd)).path, 'utf8');
  // Read before anybody is asked, so that a wrong file is told first; keys are made after.
  const rows = paymentsIn(text, () => '');
  if (linked && rows.length > BATCH_MAX)
    throw new AppError('too_large', `Cannot pay ${rows.length} rows all or none: at most ${BATCH_MAX} are linked.`);
  await confirmed(host, { ask: questionOf(rows, linked), yes });
  const base = rows.some(({ idempotencyKey }) => idempotencyKey === '') ? intentKey(work, key) : undefined;
  const payments = paymentsIn(text, (row) => `${base}/${row}`);
  const done: Done = { outcomes: [], balance: undefined };
  try {
    await payAll(work, { payments, linked }, done);
  } catch (thrown) {
    // What was paid is told, whatever came after it.
    if (done.outcomes.length > 0) show(output, done, base);
    throw thrown;
  }
  const posted = show(output, done, base);
  const refused = payments.length - posted;
  if (refused > 0)
    throw new AppError(
      'conflict',
      linked
        ? 'Nothing was paid: one of the rows was refused.'
        : `${refused} of ${payments.length} rows were not paid.`,
    );
}

function questionOf(rows: readonly Payment[], linked: boolean): string {
  const sum = rows.reduce((total, { amount }) => total + amountToMicro(amount), 0n);
  return `Pay ${rows.length} times, ${microToAmount(sum)} $webxos together${linked ? ', all or none' : ''}?`;
}

async function payAll(
  { lab, output }: Work,
  { payments, linked }: { payments: readonly Payment[]; linked: boolean },
  done: Done,
): Promise<void> {
  for (let at = 0; at < payments.length; at += BATCH_MAX) {
    const transfers = payments.slice(at, at + BATCH_MAX);
    const told = await lab.use(chancellor, 'execute_batch', { linked, transfers });
    for (const [index, payment] of transfers.entries()) {
      const outcome = told.outcomes[index];
      if (outcome === undefined) throw new AppError('internal', `The lab told no outcome of row ${at + index + 1}.`);
      done.outcomes.push({ row: at + index + 1, ...payment, ...outcome });
    }
    done.balance = told.balance;
    if (payments.length > BATCH_MAX)
      output.progress({ progress: done.outcomes.length, total: payments.length, message: 'payments' });
  }
}

/** @returns how many were paid, now or before */
function show(output: Output, { outcomes, balance }: Done, idempotencyKey: string | undefined): number {
  const posted = outcomes.filter(({ outcome }) => outcome === 'posted').length;
  output.answer({ posted, outcomes, balance, idempotencyKey }, () => {
    output.table(
      ['ROW', 'TO', 'AMOUNT', 'OUTCOME', 'TRANSACTION OR WHY NOT'],
      outcomes.map(({ row, to, amount, outcome, replayed, transactionId, message }) => [
        row,
        to,
        amount,
        outcome === 'posted'
          ? { text: replayed ? 'posted before' : 'posted', style: 'green' }
          : { text: outcome, style: 'red' },
        transactionId ?? message ?? '',
      ]),
    );
    output.line();
    output.line(`${posted} of ${outcomes.length} posted. Left: ${balance}`);
  });
  return posted;
}
