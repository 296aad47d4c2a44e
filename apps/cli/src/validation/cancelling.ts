// `labmesh validation cancel`: takes a claim of yours back, while nobody has reported.
import { curator } from '@labmesh/contracts';
import type { Command } from 'commander';
import { confirmed } from '../output/confirmed.js';
import { addConnectionOptions, type Session } from '../session.js';

export function addCancel(group: Command, session: Session): void {
  const command = group
    .command('cancel')
    .description('take back a claim of yours, while nobody has reported')
    .argument('<validation>', 'its id, as ls gives it')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli validation cancel val_…')
    .action((validationId: string, { yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: `Take ${validationId} back?`, yes });
        const done = await lab.use(curator, 'cancel_validation', { validationId });
        output.answer(done, () => output.line(`${validationId} is ${done.validation.state}.`));
      }),
    );
}
