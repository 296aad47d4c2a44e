// `labmesh wallet send`, `transfer` and `reverse`: money to another wallet, and back.
import { chancellor } from '@labmesh/contracts';
import type { Command } from 'commander';
import { amountOf } from '../arguments/amount.js';
import { confirmed } from '../output/confirmed.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { type IntentOptions, intentKey, intentOptions, KEY_HELP } from './intent-key.js';

export interface MoveOptions extends IntentOptions {
  readonly memo?: string;
}

interface Payment {
  readonly to: string;
  readonly amount: string;
}

/** What every command that moves money takes. */
export const moveOptions = (command: Command): Command =>
  intentOptions(command.option('--memo <text>', 'what it is for'));

export function addSend(group: Command, session: Session): void {
  const command = group
    .command('send')
    .description('pay from your wallet; at a terminal you are asked first')
    .argument('<to>', 'the wallet that gets it')
    .argument('<amount>', 'in $webxos, such as 2.50', amountOf);
  addConnectionOptions(moveOptions(command))
    .addHelpText(
      'after',
      `\n${KEY_HELP}\n\nExamples:\n  npx @labmesh/cli wallet send wal_… 2.50 --memo "Sequencing"\n  npx @labmesh/cli wallet send wal_… 2.50 --memo "Sequencing" --key 0199…`,
    )
    .action((to: string, amount: string, options: MoveOptions) =>
      session.run(command, async (work) => {
        await confirmed(work.host, { ask: `Send ${amount} $webxos to ${to}?`, yes: options.yes });
        await pay(work, { to, amount }, options);
      }),
    );
}

export function addTransfer(group: Command, session: Session): void {
  const command = group
    .command('transfer')
    .description('as send, and never asks: for scripts')
    .argument('<to>', 'the wallet that gets it')
    .argument('<amount>', 'in $webxos, such as 2.50', amountOf);
  addConnectionOptions(moveOptions(command))
    .addHelpText(
      'after',
      `\n${KEY_HELP}\n\nExample:\n  npx @labmesh/cli wallet transfer wal_… 2.50 --memo "Sequencing" --key 0199…`,
    )
    .action((to: string, amount: string, options: MoveOptions) =>
      session.run(command, (work) => pay(work, { to, amount }, options)),
    );
}

async function pay(work: Work, payment: Payment, { memo, key }: MoveOptions): Promise<void> {
  const idempotencyKey = intentKey(work, key);
  const done = await work.lab.use(chancellor, 'execute_transaction', { ...payment, memo, idempotencyKey });
  work.output.answer({ ...done, idempotencyKey }, () => {
    const verb = done.replayed ? 'Had already moved' : 'Moved';
    work.output.line(
      `${verb} ${done.amount} $webxos to ${done.to}. Left: ${done.balance}. Transaction ${done.transactionId}`,
    );
  });
}

export function addReverse(group: Command, session: Session): void {
  const command = group
    .command('reverse')
    .description('give a payment back to its payer, whole or a part: its receiver, or the operator')
    .argument('<transaction>', 'its id, as history has it')
    .argument('[amount]', 'all that is not reversed yet when left out', amountOf);
  addConnectionOptions(moveOptions(command))
    .addHelpText(
      'after',
      `\n${KEY_HELP}\n\nExamples:\n  npx @labmesh/cli wallet reverse txn_… --memo "Paid twice"\n  npx @labmesh/cli wallet reverse txn_… 1.25`,
    )
    .action((transactionId: string, amount: string | undefined, { memo, key, yes }: MoveOptions) =>
      session.run(command, async (work) => {
        const what = amount === undefined ? 'what is left' : `${amount} $webxos`;
        await confirmed(work.host, { ask: `Give ${what} of ${transactionId} back to its payer?`, yes });
        const idempotencyKey = intentKey(work, key);
        const input = { transactionId, amount, memo, idempotencyKey };
        const done = await work.lab.use(chancellor, 'reverse_transaction', input);
        work.output.answer({ ...done, idempotencyKey }, () => {
          const verb = done.replayed ? 'Had already given back' : 'Gave back';
          work.output.line(`${verb} ${done.amount} $webxos to ${done.to}. Transaction ${done.transactionId}`);
        });
      }),
    );
}
