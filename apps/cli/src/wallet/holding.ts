// `labmesh wallet hold`, `capture`, `release` and `holds`: payments in two steps.
import { chancellor } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import { amountOf } from '../arguments/amount.js';
import { secondsOf } from '../arguments/duration.js';
import { wholeNumber } from '../dataset/numbers.js';
import { confirmed } from '../output/confirmed.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { intentKey, KEY_HELP } from './intent-key.js';
import { type MoveOptions, moveOptions } from './paying.js';

type Followed = z.output<typeof chancellor.tools.capture_hold.output>;

export function addHold(group: Command, session: Session): void {
  const command = group
    .command('hold')
    .description('set money aside for another wallet, which captures it')
    .argument('<to>', 'the wallet it is for')
    .argument('<amount>', 'in $webxos, such as 2.50', amountOf)
    .option('--for <time>', 'how long, such as 12h or 30d; 7d when left out', secondsOf);
  addConnectionOptions(moveOptions(command))
    .addHelpText(
      'after',
      `\nYou cannot take it back; what is left when it expires is yours again.\n${KEY_HELP}\n\nExample:\n  HOLD=$(npx @labmesh/cli wallet hold wal_… 40 --for 3d --memo "Deposit" --json | jq -r .holdId)`,
    )
    .action((to: string, amount: string, { memo, key, yes, for: seconds }: MoveOptions & { for?: number }) =>
      session.run(command, async (work) => {
        await confirmed(work.host, { ask: `Set ${amount} $webxos aside for ${to}?`, yes });
        const idempotencyKey = intentKey(work, key);
        const input = { to, amount, memo, expiresInSeconds: seconds, idempotencyKey };
        const done = await work.lab.use(chancellor, 'hold_transaction', input);
        work.output.answer({ ...done, idempotencyKey }, () => work.output.line(done.holdId));
        const verb = done.replayed ? 'Had already set' : 'Set';
        work.output.note(`${verb} ${done.amount} $webxos aside until ${done.expiresAt}. Left: ${done.balance}.`);
      }),
    );
}

export function addCapture(group: Command, session: Session): void {
  const command = group
    .command('capture')
    .description('pay a hold to whom it is for, whole or a part')
    .argument('<hold>', 'its id, as holds has it')
    .argument('[amount]', 'all that is left when left out', amountOf)
    .option('--final', 'give the rest back to the payer');
  addConnectionOptions(moveOptions(command))
    .addHelpText(
      'after',
      `\n${KEY_HELP}\n\nExamples:\n  npx @labmesh/cli wallet capture txn_…\n  npx @labmesh/cli wallet capture txn_… 12.50 --final`,
    )
    .action(
      (holdId: string, amount: string | undefined, { memo, key, yes, final }: MoveOptions & { final?: boolean }) =>
        session.run(command, async (work) => {
          const what = amount === undefined ? 'all that is left' : `${amount} $webxos`;
          await confirmed(work.host, { ask: `Capture ${what} of ${holdId}?`, yes });
          const idempotencyKey = intentKey(work, key);
          const input = { holdId, amount, final: final === true, memo, idempotencyKey };
          const done = await work.lab.use(chancellor, 'capture_hold', input);
          showFollowed(work, done, { idempotencyKey, verb: 'captured' });
        }),
    );
}

export function addRelease(group: Command, session: Session): void {
  const command = group
    .command('release')
    .description('give what is left of a hold back to its payer: its receiver, or the operator')
    .argument('<hold>', 'its id, as holds has it');
  addConnectionOptions(moveOptions(command))
    .addHelpText('after', `\n${KEY_HELP}\n\nExample:\n  npx @labmesh/cli wallet release txn_…`)
    .action((holdId: string, { memo, key, yes }: MoveOptions) =>
      session.run(command, async (work) => {
        await confirmed(work.host, { ask: `Give what is left of ${holdId} back to its payer?`, yes });
        const idempotencyKey = intentKey(work, key);
        const done = await work.lab.use(chancellor, 'release_hold', { holdId, memo, idempotencyKey });
        showFollowed(work, done, { idempotencyKey, verb: 'released' });
      }),
    );
}

function showFollowed(
  { output }: Work,
  done: Followed,
  { idempotencyKey, verb }: { idempotencyKey: string; verb: 'captured' | 'released' },
): void {
  output.answer({ ...done, idempotencyKey }, () => {
    const before = done.replayed ? `It was ${verb} before. ` : '';
    output.line(
      `${before}Of ${done.amount} $webxos: ${done.captured} captured, ${done.released} released, ${done.left} left. Transaction ${done.transactionId}`,
    );
  });
}

export function addHolds(group: Command, session: Session): void {
  const command = group
    .command('holds')
    .description('what is set aside, by a wallet and for it')
    .argument('[walletId]', 'your own when left out')
    .option('--limit <count>', 'how many', wholeNumber, 50);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli wallet holds\n  npx @labmesh/cli wallet holds --json | jq -r ".holds[].holdId"',
    )
    .action((walletId: string | undefined, { limit }: { limit: number }) =>
      session.run(command, async ({ lab, output }) => {
        const found = await lab.use(chancellor, 'list_holds', { walletId, limit });
        output.answer(found, () => {
          if (found.holds.length === 0) return output.note('Nothing is set aside.');
          output.table(
            ['HOLD', 'LEFT', 'OF', 'FROM', 'TO', 'EXPIRES', 'MEMO'],
            found.holds.map(({ holdId, left, amount, from, to, expiresAt, memo }) => [
              { text: holdId, style: 'bold' },
              left,
              amount,
              from,
              to,
              expiresAt,
              memo ?? '',
            ]),
          );
        });
      }),
    );
}
