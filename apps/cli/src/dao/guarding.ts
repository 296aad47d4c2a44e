// `labmesh dao set` and `enable`: what the operator may, until the lab is its members'.
import { AppError, chancellor } from '@labmesh/contracts';
import type { Command } from 'commander';
import { confirmed } from '../output/confirmed.js';
import { addConnectionOptions, type Session } from '../session.js';
import { type Change, changeOf } from './changes.js';

export function addSet(group: Command, session: Session): void {
  const command = group
    .command('set')
    .description('set parameters at once: the operator, until the DAO is switched on')
    .argument('<parameter=value...>', 'as dao parameters has them', changeOf)
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nAll are set, or none.\n\nExample:\n  npx @labmesh/cli dao set governance.voting_delay=3600 governance.voting_period=86400',
    )
    .action((given: Change[], { yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        const changes = given.map(({ parameter, value, choice }) => {
          if (choice === undefined) return { parameter, value };
          throw new AppError('invalid_input', `Cannot set ${parameter} for a choice: only a proposal has choices.`);
        });
        const sets = changes.map(({ parameter, value }) => `${parameter} to ${value}`).join(', ');
        await confirmed(host, { ask: `Set ${sets}?`, yes });
        const done = await lab.use(chancellor, 'set_parameters', { changes });
        output.answer(done, () => output.line(`Parameters: version ${done.version}`));
      }),
    );
}

export function addEnable(group: Command, session: Session): void {
  const command = group
    .command('enable')
    .description('switch the DAO on, for good: from then on only executed proposals change parameters')
    .option('--yes', 'you mean it; do not ask');
  addConnectionOptions(command)
    .addHelpText('after', '\nIt cannot be switched off.\n\nExample:\n  npx @labmesh/cli dao enable --yes')
    .action(({ yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: 'Switch the DAO on, for good?', yes, always: true });
        const done = await lab.use(chancellor, 'enable_dao', { forGood: true });
        output.answer(done, () => output.line(`The DAO is on since ${done.enabledAt}.`));
      }),
    );
}
