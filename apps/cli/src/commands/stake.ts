// `labmesh stake`: money that earns and votes while it is locked.
import { chancellor } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import { amountOf } from '../arguments/amount.js';
import { wholeNumber } from '../dataset/numbers.js';
import { gathered } from '../lab/gathered.js';
import { confirmed } from '../output/confirmed.js';
import type { Output } from '../output/output.js';
import { addConnectionOptions, type Session } from '../session.js';
import { type IntentOptions, intentKey, intentOptions, KEY_HELP } from '../wallet/intent-key.js';

type Stake = z.output<typeof chancellor.tools.get_stakes.output>['stakes'][number];

const PAGE_MAX = 100;

export function addStake(program: Command, session: Session): void {
  const group = program
    .command('stake')
    .description('stakes: they earn yield, and count for votes')
    .addHelpText('after', '\nExamples:\n  npx @labmesh/cli stake add 10\n  npx @labmesh/cli stake list');
  addAdd(group, session);
  addList(group, session);
  addUnstake(group, session);
}

function addAdd(group: Command, session: Session): void {
  const command = group
    .command('add')
    .description('stake from your wallet; at a terminal you are asked first')
    .argument('<amount>', 'in $webxos, such as 100', amountOf)
    .option('--lock <days>', 'days before it may be asked back; 7 when left out', wholeNumber);
  addConnectionOptions(intentOptions(command))
    .addHelpText('after', `\n${KEY_HELP}\n\nExample:\n  npx @labmesh/cli stake add 100 --lock 30`)
    .action((amount: string, { lock: lockDays, key, yes }: IntentOptions & { lock?: number }) =>
      session.run(command, async (work) => {
        await confirmed(work.host, { ask: `Stake ${amount} $webxos for ${lockDays ?? 7} days at least?`, yes });
        const idempotencyKey = intentKey(work, key);
        const done = await work.lab.use(chancellor, 'stake', { amount, lockDays, idempotencyKey });
        work.output.answer({ ...done, idempotencyKey }, () => work.output.line(done.stakeId));
        const verb = done.replayed ? 'Had already staked' : 'Staked';
        work.output.note(
          `${verb} ${done.amount} $webxos, locked until ${done.lockedUntil}. Staked in all: ${done.staked}.`,
        );
      }),
    );
}

function addUnstake(group: Command, session: Session): void {
  const command = group
    .command('unstake')
    .description('ask a stake back, whole or a part: after a cool-down it is in your balance')
    .argument('<stake>', 'its id, as list has it')
    .argument('[amount]', 'all of it when left out', amountOf);
  addConnectionOptions(intentOptions(command))
    .addHelpText(
      'after',
      `\n${KEY_HELP}\n\nExamples:\n  npx @labmesh/cli stake unstake txn_…\n  npx @labmesh/cli stake unstake txn_… 40`,
    )
    .action((stakeId: string, amount: string | undefined, { key, yes }: IntentOptions) =>
      session.run(command, async (work) => {
        await confirmed(work.host, { ask: `Ask ${amount ?? 'all'} of ${stakeId} back?`, yes });
        const idempotencyKey = intentKey(work, key);
        const done = await work.lab.use(chancellor, 'unstake', { stakeId, amount, idempotencyKey });
        work.output.answer({ ...done, idempotencyKey }, () => {
          const back = done.returned ? 'It is back.' : `It is back at ${done.dueAt}.`;
          work.output.line(`${done.amount} $webxos asked back. ${back} Still staked there: ${done.left}.`);
        });
      }),
    );
}

function addList(group: Command, session: Session): void {
  const command = group
    .command('list')
    .description('stakes of a wallet, the newest first')
    .argument('[walletId]', 'your own when left out')
    .option('--all', 'also those that are back')
    .option('--limit <count>', 'how many', wholeNumber, 20);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli stake list\n  npx @labmesh/cli stake list --json | jq -r .staked',
    )
    .action((walletId: string | undefined, { all = false, limit: wanted }: { all?: boolean; limit: number }) =>
      session.run(command, async ({ lab, output }) => {
        let staked = '';
        let whose = '';
        const { rows: stakes, rest } = await gathered({ wanted, most: PAGE_MAX }, async (limit, cursor) => {
          const page = await lab.use(chancellor, 'get_stakes', { walletId, all, limit, cursor });
          [staked, whose] = [page.staked, page.walletId];
          return { rows: page.stakes, nextCursor: page.nextCursor };
        });
        output.answer({ walletId: whose, staked, stakes, ...rest }, () => {
          output.line(`${output.style('bold', `${staked} $webxos`)} staked  ${whose}`);
          if (stakes.length > 0) showStakes(output, stakes);
        });
        if (rest.nextCursor !== undefined) output.note(`There are more: --limit ${wanted * 2}`);
      }),
    );
}

function showStakes(output: Output, stakes: readonly Stake[]): void {
  output.line();
  output.table(
    ['STAKE', 'AMOUNT', 'LEFT', 'SINCE', 'LOCKED UNTIL', 'ON ITS WAY BACK'],
    stakes.map(({ stakeId, amount, left, stakedAt, lockedUntil, locked, unstakings }) => [
      { text: stakeId, style: 'bold' },
      amount,
      left,
      stakedAt,
      { text: lockedUntil, style: locked ? 'yellow' : 'dim' },
      unstakings
        .filter(({ returned }) => !returned)
        .map(({ amount: part, dueAt }) => `${part} at ${dueAt}`)
        .join(', '),
    ]),
  );
}
