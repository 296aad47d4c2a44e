// `labmesh reward`: what the lab pays for, what a wallet is paid, and the pool that it comes from.
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

type Preview = z.output<typeof chancellor.tools.preview_rewards.output>;

const PAGE_MAX = 100;

export function addReward(program: Command, session: Session): void {
  const group = program
    .command('reward')
    .description('rewards: the rules, what a wallet is paid, the pool')
    .addHelpText('after', '\nExamples:\n  npx @labmesh/cli reward rules\n  npx @labmesh/cli reward preview');
  addRules(group, session);
  addPreview(group, session);
  addDistribute(group, session);
  addFund(group, session);
}

function addRules(group: Command, session: Session): void {
  const command = group.command('rules').description('what the lab pays for, how much, how often a day');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli reward rules\n  npx @labmesh/cli reward rules --json | jq -r .pool',
    )
    .action(() =>
      session.run(command, async ({ lab, output }) => {
        const found = await lab.use(chancellor, 'list_reward_rules', {});
        output.answer(found, () => {
          output.table(
            ['EVENT', 'PAYS', 'A DAY', 'TOLD BY'],
            found.rules.map(({ event, amount, perDay, toldBy }) => [
              { text: event, style: 'bold' },
              amount,
              perDay,
              toldBy ?? 'nobody yet',
            ]),
          );
          output.line();
          output.table(
            ['TEMPLATE', 'EARNS'],
            found.rates.map(({ template, rate }) => [template, `x ${rate}`]),
          );
          output.line();
          output.line(
            `Stakes earn ${found.epoch.amount} $webxos together every ${found.epoch.seconds} s; ${found.epoch.staked} are staked. The pool holds ${found.pool}, ${found.owed} of it owed; ${found.paid} were paid so far.`,
          );
        });
        output.note(`By version ${found.version} of the parameters: npx @labmesh/cli dao parameters`);
      }),
    );
}

function addPreview(group: Command, session: Session): void {
  const command = group
    .command('preview')
    .description('what each event would pay a wallet now, what its stakes earn, and its rewards so far')
    .argument('[walletId]', 'your own when left out')
    .option('--limit <count>', 'how many rewards of the past', wholeNumber, 20);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli reward preview\n  npx @labmesh/cli reward preview --limit 500 --json | jq -r ".rewards[].amount"',
    )
    .action((walletId: string | undefined, { limit: wanted }: { limit: number }) =>
      session.run(command, async ({ lab, output }) => {
        let first: Preview | undefined;
        const { rows, rest } = await gathered({ wanted, most: PAGE_MAX }, async (limit, cursor) => {
          const page = await lab.use(chancellor, 'preview_rewards', { walletId, limit, cursor });
          first ??= page;
          return { rows: page.rewards, nextCursor: page.nextCursor };
        });
        if (first === undefined) return;
        const { nextCursor: _first, ...preview } = { ...first, rewards: [...rows] };
        output.answer({ ...preview, ...rest }, () => showPreview(output, preview));
        if (rest.nextCursor !== undefined) output.note(`There are more: --limit ${wanted * 2 || PAGE_MAX}`);
      }),
    );
}

function showPreview(output: Output, { walletId, rate, events, epoch, pending, rewards }: Preview): void {
  output.line(`${walletId}  earns x ${rate}  ${pending} $webxos owed to it`);
  output.line();
  output.table(
    ['EVENT', 'WOULD PAY', 'LEFT TODAY'],
    events.map(({ event, amount, leftToday }) => [{ text: event, style: 'bold' }, amount, leftToday]),
  );
  if (epoch !== null) {
    output.line();
    output.line(
      `Epoch ${epoch.number}, until ${epoch.endsAt}: its stakes earn ${epoch.amount} of ${epoch.total} if all stay.`,
    );
  }
  if (rewards.length === 0) return;
  output.line();
  output.table(
    ['WHEN', 'FOR', 'WHICH', 'AMOUNT', 'STATUS', 'TRANSACTION'],
    rewards.map(({ at, for: event, source, amount, status, reason, transactionId }) => [
      at,
      event,
      source,
      amount,
      { text: reason === null ? status : `${status}: ${reason}`, style: status === 'paid' ? 'green' : 'dim' },
      transactionId ?? '',
    ]),
  );
}

function addDistribute(group: Command, session: Session): void {
  const command = group
    .command('distribute')
    .description('pay now what is owed, for the operator; the lab does so by itself')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nEach event and epoch pays once, however often this is called.\n\nExample:\n  npx @labmesh/cli reward distribute',
    )
    .action(({ yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: 'Pay the rewards that are owed?', yes });
        const done = await lab.use(chancellor, 'distribute_rewards', {});
        output.answer(done, () =>
          output.line(
            `Paid ${done.paid} rewards, ${done.amount} $webxos. Owed still: ${done.pending}, ${done.pendingAmount}. The pool holds ${done.pool}.`,
          ),
        );
        if (done.epochsClosed > 0) output.note(`Epochs closed: ${done.epochsClosed}`);
      }),
    );
}

function addFund(group: Command, session: Session): void {
  const command = group
    .command('fund')
    .description('fill the pool that rewards are paid from, for the operator')
    .argument('<amount>', 'in $webxos, such as 1000', amountOf);
  addConnectionOptions(intentOptions(command))
    .addHelpText('after', `\n${KEY_HELP}\n\nExample:\n  npx @labmesh/cli reward fund 1000`)
    .action((amount: string, { key, yes }: IntentOptions) =>
      session.run(command, async (work) => {
        await confirmed(work.host, { ask: `Move ${amount} $webxos of yours to the reward pool?`, yes });
        const idempotencyKey = intentKey(work, key);
        const done = await work.lab.use(chancellor, 'fund_rewards', { amount, idempotencyKey });
        work.output.answer({ ...done, idempotencyKey }, () => {
          const verb = done.replayed ? 'Had already moved' : 'Moved';
          work.output.line(`${verb} ${done.amount} $webxos. The pool holds ${done.pool}, you ${done.balance}.`);
        });
      }),
    );
}
