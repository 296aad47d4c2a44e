// `labmesh dao cancel`, `queue` and `execute`: what happens to a proposal beside the vote.
import { chancellor } from '@labmesh/contracts';
import type { Command } from 'commander';
import { confirmed } from '../output/confirmed.js';
import { addConnectionOptions, type Session } from '../session.js';

export function addCancel(group: Command, session: Session): void {
  const command = group
    .command('cancel')
    .description('cancel a proposal: its proposer while it is pending, the operator until it is executed')
    .argument('<proposal>', 'its id')
    .option('--yes', 'you mean it; do not ask');
  addConnectionOptions(command)
    .addHelpText('after', '\nIt cannot be taken back.\n\nExample:\n  npx @labmesh/cli dao cancel prop_… --yes')
    .action((proposalId: string, { yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: `Cancel ${proposalId}?`, yes, always: true });
        const done = await lab.use(chancellor, 'cancel_proposal', { proposalId });
        output.answer(done, () => output.line(`Canceled ${done.proposalId}.`));
      }),
    );
}

export function addQueue(group: Command, session: Session): void {
  const command = group
    .command('queue')
    .description('queue a proposal that has passed: its waiting time begins')
    .argument('<proposal>', 'its id');
  addConnectionOptions(command)
    .addHelpText('after', '\nAnybody may.\n\nExample:\n  npx @labmesh/cli dao queue prop_…')
    .action((proposalId: string) =>
      session.run(command, async ({ lab, output }) => {
        const done = await lab.use(chancellor, 'queue_proposal', { proposalId });
        output.answer(done, () => output.line(`Queued ${done.proposalId}.`));
        output.note(
          `From ${done.executableFrom} to ${done.expiresAt}: npx @labmesh/cli dao execute ${done.proposalId}`,
        );
      }),
    );
}

export function addExecute(group: Command, session: Session): void {
  const command = group
    .command('execute')
    .description('execute a queued proposal, once its waiting time is over: sets what it changes')
    .argument('<proposal>', 'its id')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nAnybody may. All of its changes happen, or none.\n\nExample:\n  npx @labmesh/cli dao execute prop_…',
    )
    .action((proposalId: string, { yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        const { title, changes } = await lab.use(chancellor, 'propose_dao_governance', { proposalId });
        const sets = changes.map(({ parameter, now, value }) => `${parameter} ${now} -> ${value}`).join(', ');
        await confirmed(host, { ask: `Execute “${title}”${sets === '' ? '' : `: ${sets}`}?`, yes });
        const done = await lab.use(chancellor, 'execute_proposal', { proposalId });
        output.answer(done, () =>
          output.line(`Executed ${done.proposalId}. Parameters: version ${done.parametersVersion}`),
        );
      }),
    );
}
