// `labmesh wallet freeze`, `unfreeze` and `close`: wallets that may not pay, for now or for good.
import { chancellor } from '@labmesh/contracts';
import type { Command } from 'commander';
import { confirmed } from '../output/confirmed.js';
import { addConnectionOptions, type Session } from '../session.js';

interface ReasonOptions {
  readonly reason: string;
  readonly yes?: boolean;
}

const REASON = ['--reason <text>', 'why, for those who look at the wallet later'] as const;

export function addFreeze(group: Command, session: Session): void {
  const command = group
    .command('freeze')
    .description('stop a wallet from paying, for the operator')
    .argument('<walletId>', 'whose it is')
    .requiredOption(...REASON)
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  npx @labmesh/cli wallet freeze wal_… --reason "Its key was found in a public file"',
    )
    .action((walletId: string, { reason, yes }: ReasonOptions) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: `Freeze ${walletId}?`, yes });
        const done = await lab.use(chancellor, 'freeze_wallet', { walletId, reason });
        output.answer(done, () => output.line(`Froze ${done.walletId}.`));
      }),
    );
}

export function addUnfreeze(group: Command, session: Session): void {
  const command = group
    .command('unfreeze')
    .description('let a frozen wallet pay again, for the operator')
    .argument('<walletId>', 'whose it is')
    .requiredOption(...REASON);
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli wallet unfreeze wal_… --reason "It has a new key"')
    .action((walletId: string, { reason }: ReasonOptions) =>
      session.run(command, async ({ lab, output }) => {
        const done = await lab.use(chancellor, 'unfreeze_wallet', { walletId, reason });
        output.answer(done, () => output.line(`${done.walletId} pays again.`));
      }),
    );
}

export function addClose(group: Command, session: Session): void {
  const command = group
    .command('close')
    .description('close an empty wallet, for good')
    .argument('[walletId]', 'your own when left out')
    .requiredOption(...REASON)
    .option('--yes', 'you mean it; do not ask');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nIts history stays. It cannot be taken back.\n\nExample:\n  npx @labmesh/cli wallet close wal_… --reason "The project has ended" --yes',
    )
    .action((walletId: string | undefined, { reason, yes }: ReasonOptions) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: `Close ${walletId ?? 'your wallet'} for good?`, yes, always: true });
        const done = await lab.use(chancellor, 'close_wallet', { walletId, reason });
        output.answer(done, () => output.line(`Closed ${done.walletId}.`));
      }),
    );
}
