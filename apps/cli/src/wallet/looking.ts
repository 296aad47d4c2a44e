// `labmesh wallet show`, `list` and `balance`: who has which wallet, and what it holds.
import { chancellor, ROLES, WALLET_STATUSES } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { momentOf } from '../arguments/time.js';
import { wholeNumber } from '../dataset/numbers.js';
import { gathered } from '../lab/gathered.js';
import { showFacts } from '../output/facts.js';
import type { Output } from '../output/output.js';
import type { Style } from '../output/table.js';
import { sinceText } from '../output/units.js';
import { addConnectionOptions, type Session } from '../session.js';
import { showEntries } from './entries.js';

const PAGE_MAX = 200;

type Row = z.output<typeof chancellor.tools.list_wallets.output>['wallets'][number];
type Balance = z.output<typeof chancellor.tools.get_balance.output>;

const STATUS_STYLES: Readonly<Record<Row['status'], Style>> = { open: 'green', frozen: 'yellow', closed: 'dim' };

export function addShow(group: Command, session: Session): void {
  const command = group
    .command('show')
    .alias('get')
    .description('a wallet’s role, label, template, status and limits')
    .argument('[walletId]', 'your own when left out');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli wallet show\n  npx @labmesh/cli wallet show wal_… --json | jq -r .status',
    )
    .action((walletId: string | undefined) =>
      session.run(command, async ({ lab, output }) => {
        const wallet = await lab.use(chancellor, 'get_wallet', { walletId });
        output.answer(wallet, () => {
          const status = output.style(STATUS_STYLES[wallet.status], wallet.status);
          output.line(`${output.style('bold', wallet.walletId)}  ${wallet.role}  ${status}`);
          output.line();
          showFacts(output, [
            ['label', wallet.label],
            ['owner', wallet.owner],
            ['template', wallet.template],
            ['opened', wallet.createdAt],
            ['status since', wallet.statusReason],
            ['most a payment', wallet.limits.perTransaction],
            ['most a day', wallet.limits.perDay],
          ]);
        });
      }),
    );
}

interface ListOptions {
  readonly role?: (typeof ROLES)[number];
  readonly status?: Row['status'];
  readonly limit: number;
}

export function addList(group: Command, session: Session): void {
  const command = group
    .command('list')
    .description('every wallet of the lab, for the operator')
    .addOption(new Option('--role <role>', 'only those with this role').choices(ROLES))
    .addOption(new Option('--status <status>', 'only those').choices(WALLET_STATUSES))
    .option('--limit <count>', 'how many', wholeNumber, 50);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli wallet list\n  npx @labmesh/cli wallet list --status frozen --json',
    )
    .action(({ role, status, limit: wanted }: ListOptions) =>
      session.run(command, async ({ lab, output }) => {
        const { rows: wallets, rest } = await gathered({ wanted, most: PAGE_MAX }, async (limit, cursor) => {
          const page = await lab.use(chancellor, 'list_wallets', { role, status, limit, cursor });
          return { rows: page.wallets, nextCursor: page.nextCursor };
        });
        output.answer({ wallets, ...rest }, () => showList(output, wallets));
        if (rest.nextCursor !== undefined) output.note(`There are more: --limit ${wanted * 2}`);
      }),
    );
}

function showList(output: Output, wallets: readonly Row[]): void {
  if (wallets.length === 0) output.note('No wallet fits.');
  else
    output.table(
      ['WALLET', 'ROLE', 'STATUS', 'LABEL', 'OWNER', 'AGE'],
      wallets.map(({ walletId, role, status, label, owner, createdAt }) => [
        { text: walletId, style: 'bold' },
        role,
        { text: status, style: STATUS_STYLES[status] },
        label ?? '',
        owner ?? '',
        sinceText(createdAt, Date.now()),
      ]),
    );
}

export function addBalance(group: Command, session: Session): void {
  const command = group
    .command('balance')
    .description('what a wallet holds, and its newest transactions')
    .argument('[walletId]', 'your own when left out')
    .option('--at <time>', 'as it was then', momentOf);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli wallet balance\n  npx @labmesh/cli wallet balance wal_… --json | jq -r .balance\n  npx @labmesh/cli wallet balance --at 2026-11-01',
    )
    .action((walletId: string | undefined, { at }: { at?: string }) =>
      session.run(command, async ({ lab, output }) => {
        const wallet = await lab.use(chancellor, 'get_balance', { walletId, at });
        output.answer(wallet, () => showBalance(output, wallet));
      }),
    );
}

function showBalance(output: Output, wallet: Balance): void {
  const label = wallet.label === null ? '' : `  ${wallet.label}`;
  output.line(
    `${output.style('bold', `${wallet.balance} ${wallet.currency}`)}  ${wallet.walletId}  ${wallet.role}${output.style('dim', label)}`,
  );
  const { staked, held, pending } = wallet;
  const beside = [
    ['staked', staked],
    ['set aside for others', held],
    ['set aside for it', pending],
  ] as const;
  for (const [name, amount] of beside)
    if (amount !== undefined && /[1-9]/.test(amount)) output.line(`${amount} ${name}`);
  if (wallet.history.length === 0) return;
  output.line();
  showEntries(output, wallet.history);
}
