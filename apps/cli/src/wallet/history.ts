// `labmesh wallet history`: the entries of a wallet, page after page, with filters.
import { chancellor, csvLine, TRANSACTION_KINDS } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { momentOf } from '../arguments/time.js';
import { wholeNumber } from '../dataset/numbers.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { type Entry, showEntries } from './entries.js';

const HELP = `
Newest first. --all reads every page and writes each as it comes, so a long history needs no memory. With --json it is one
document; --format json is a line an entry.

Examples:
  npx @labmesh/cli wallet history --limit 50
  npx @labmesh/cli wallet history --kind reward --from 2026-11-01 --all --format csv > rewards.csv
  npx @labmesh/cli wallet history wal_… --account staked --with wal_…`;

type Asked = z.input<typeof chancellor.tools.get_balance.input>;

export interface Filters {
  readonly account?: 'available' | 'staked' | 'held';
  readonly kind?: (typeof TRANSACTION_KINDS)[number];
  readonly with?: string;
  readonly from?: string;
  readonly to?: string;
}

interface HistoryOptions extends Filters {
  readonly limit: number;
  readonly all?: boolean;
  readonly before?: string;
  readonly format: 'table' | 'json' | 'csv';
}

const PAGE_MAX = 200;
const COLUMNS = ['at', 'transactionId', 'kind', 'change', 'balanceAfter', 'counterparty', 'memo'] as const;

/** Which entries, for whatever reads them. */
export const filterOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--account <account>', 'which money: available when left out').choices([
        'available',
        'staked',
        'held',
      ]),
    )
    .addOption(new Option('--kind <kind>', 'only these').choices(TRANSACTION_KINDS))
    .option('--with <account>', 'only those with this wallet or account of the lab')
    .option('--from <time>', 'not before this day or time', momentOf)
    .option('--to <time>', 'before this day or time', momentOf);

export const filtersOf = ({ account, kind, with: counterparty, from, to }: Filters) => ({
  account,
  kind,
  counterparty,
  from,
  to,
});

export function addHistory(group: Command, session: Session): void {
  const command = group
    .command('history')
    .description('transactions of a wallet, newest first, all or those that fit')
    .argument('[walletId]', 'your own when left out');
  addConnectionOptions(
    filterOptions(command)
      .option('--limit <count>', 'how many', wholeNumber, 20)
      .option('--all', 'all of them, page after page')
      .option('--before <cursor>', 'go on where an earlier answer ended')
      .addOption(
        new Option('--format <format>', 'how they are written').choices(['table', 'json', 'csv']).default('table'),
      ),
  )
    .addHelpText('after', HELP)
    .action((walletId: string | undefined, options: HistoryOptions) =>
      session.run(command, (work) => history(work, walletId, options)),
    );
}

async function history(work: Work, walletId: string | undefined, options: HistoryOptions): Promise<void> {
  const { output } = work;
  const wanted = options.all === true ? Number.POSITIVE_INFINITY : options.limit;
  const input = { walletId, ...filtersOf(options), before: options.before };
  const kept: Entry[] = [];
  const write = output.json ? (page: readonly Entry[]) => void kept.push(...page) : writerFor(work, options.format);
  let entries = 0;
  let before: string | undefined;
  for await (const page of pagesOf(work, input, wanted)) {
    write(page.history);
    entries += page.history.length;
    before = page.nextBefore;
  }
  if (output.json) output.document({ history: kept, ...(before === undefined ? {} : { nextBefore: before }) });
  if (entries === 0) output.note('No transaction fits.');
  if (before !== undefined) output.note(`There are older ones: --before ${before}, or --all`);
}

/** Pages until enough came or none is left. One with filters may be empty and others follow. */
async function* pagesOf({ lab }: Work, input: Asked, wanted: number) {
  let before = input.before;
  let entries = 0;
  do {
    const page = await lab.use(chancellor, 'get_balance', {
      ...input,
      before,
      limit: Math.min(PAGE_MAX, wanted - entries),
    });
    yield page;
    entries += page.history.length;
    before = page.nextBefore;
  } while (before !== undefined && entries < wanted);
}

function writerFor({ output, host }: Work, format: HistoryOptions['format']): (page: readonly Entry[]) => void {
  switch (format) {
    case 'table':
      return (page) => {
        if (page.length > 0) showEntries(output, page);
      };
    case 'json':
      return (page) => {
        for (const entry of page) host.stdout.write(`${JSON.stringify(entry)}\n`);
      };
    case 'csv': {
      let headed = false;
      return (page) => {
        if (!headed) host.stdout.write(csvLine(COLUMNS));
        headed = true;
        for (const entry of page) host.stdout.write(csvLine(COLUMNS.map((name) => entry[name])));
      };
    }
    default:
      return format satisfies never;
  }
}
