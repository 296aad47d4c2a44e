// `labmesh wallet`: open a wallet, see what one holds, pay from your own.
import { chancellor, GRANTABLE_ROLES } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import { addConnectionOptions, type Session } from '../session.js';

export function addWallet(program: Command, session: Session): void {
  const group = program.command('wallet').description('wallets and $webxos');
  addCreate(group, session);
  addBalance(group, session);
  addTransfer(group, session);
}

function addCreate(group: Command, session: Session): void {
  const command = group
    .command('create')
    .description('open a wallet with a role')
    .addOption(new Option('--role <role>', 'what it may do').choices(GRANTABLE_ROLES).makeOptionMandatory())
    .option('--label <text>', 'whose it is');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli wallet create --role researcher --label "Field team"')
    .action((options: { role: (typeof GRANTABLE_ROLES)[number]; label?: string }) =>
      session.run(command, async ({ lab, output }) => {
        const wallet = await lab.use(chancellor, 'create_boilerplate_wallet', {
          role: options.role,
          label: options.label,
        });
        output.answer(wallet, () => output.line(wallet.walletId));
        output.note(
          `A ${wallet.role}’s wallet. Its first token: npx @labmesh/cli token create --wallet ${wallet.walletId}`,
        );
      }),
    );
}

function addBalance(group: Command, session: Session): void {
  const command = group
    .command('balance')
    .description('what a wallet holds, and its newest transactions')
    .argument('[walletId]', 'your own when left out');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli wallet balance\n  npx @labmesh/cli wallet balance wal_… --json | jq -r .balance',
    )
    .action((walletId: string | undefined) =>
      session.run(command, async ({ lab, output }) => {
        const wallet = await lab.use(chancellor, 'get_balance', { walletId });
        output.answer(wallet, () => {
          const label = wallet.label === null ? '' : `  ${wallet.label}`;
          output.line(
            `${output.style('bold', `${wallet.balance} ${wallet.currency}`)}  ${wallet.walletId}  ${wallet.role}${output.style('dim', label)}`,
          );
          if (wallet.history.length === 0) return;
          output.line();
          output.table(
            ['WHEN', 'CHANGE', 'BALANCE', 'WITH', 'MEMO'],
            wallet.history.map((entry) => [
              entry.at,
              entry.change,
              entry.balanceAfter,
              entry.counterparty,
              entry.memo ?? '',
            ]),
          );
        });
      }),
    );
}

function addTransfer(group: Command, session: Session): void {
  const command = group
    .command('transfer')
    .description('move $webxos from your wallet to another')
    .argument('<to>', 'the wallet that gets it')
    .argument('<amount>', 'in $webxos, such as 2.50')
    .option('--memo <text>', 'what it is for')
    .option('--key <key>', 'idempotency key: the same key moves the money once, however often you try');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nWhen it is not clear whether a transfer went through, try again with the key that was printed.\n\nExamples:\n  npx @labmesh/cli wallet transfer wal_… 2.50 --memo "Sequencing"\n  npx @labmesh/cli wallet transfer wal_… 2.50 --memo "Sequencing" --key 0199…',
    )
    .action((to: string, amount: string, options: { memo?: string; key?: string }) =>
      session.run(command, async ({ lab, output, host }) => {
        const idempotencyKey = options.key ?? uuidv7();
        // Told before the call: it is needed exactly when the answer is lost. As JSON it must not be mixed up with an error.
        const key = output.json ? { idempotencyKey } : `Key ${idempotencyKey}`;
        if (options.key === undefined) host.stderr.write(`${typeof key === 'string' ? key : JSON.stringify(key)}\n`);
        const done = await lab.use(chancellor, 'execute_transaction', {
          to,
          amount,
          memo: options.memo,
          idempotencyKey,
        });
        output.answer({ ...done, idempotencyKey }, () => {
          const verb = done.replayed ? 'Had already moved' : 'Moved';
          output.line(
            `${verb} ${done.amount} $webxos to ${done.to}. Left: ${done.balance}. Transaction ${done.transactionId}`,
          );
        });
      }),
    );
}
