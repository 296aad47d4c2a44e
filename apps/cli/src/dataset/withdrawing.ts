// `labmesh dataset withdraw`: takes a dataset of yours out of the lab for good, when it is said that this is meant.
import { curator } from '@labmesh/contracts';
import type { Command } from 'commander';
import { confirmed } from '../output/confirmed.js';
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
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((datasetId: string, { yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: `Withdraw ${datasetId} for good?`, yes, always: true });
        const done = await lab.use(curator, 'withdraw_dataset', { datasetId });
        output.answer(done, () => output.line(`Withdrew ${done.datasetId}.`));
      }),
    );
}
