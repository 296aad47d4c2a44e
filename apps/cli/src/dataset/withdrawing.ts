// `labmesh dataset withdraw`: takes a dataset of yours out of the lab for good, when it is said that this is meant.
import { AppError, curator } from '@labmesh/contracts';
import type { Command } from 'commander';
import { addConnectionOptions, type Session } from '../session.js';

const HELP = `
Nobody lists or reads it any more, its bytes are removed with all of its versions, and it cannot be brought back.

Example:
  npx @labmesh/cli dataset withdraw ds_… --yes`;

export function addWithdraw(group: Command, session: Session): void {
  const command = group
    .command('withdraw')
    .description('take a dataset of yours out of the lab, for good')
    .argument('<dataset>', 'its id')
    .option('--yes', 'you mean it');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((datasetId: string, { yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output }) => {
        if (yes !== true) {
          throw new AppError(
            'invalid_input',
            `Nothing was withdrawn: it cannot be brought back. If you mean it: --yes`,
          );
        }
        const done = await lab.use(curator, 'withdraw_dataset', { datasetId });
        output.answer(done, () => output.line(`Withdrew ${done.datasetId}.`));
      }),
    );
}
