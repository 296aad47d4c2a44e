// `labmesh solution show`, `vote` and `accept`: one solution, and what people say of it.
import { AppError, librarian } from '@labmesh/contracts';
import type { Command } from 'commander';
import { confirmed } from '../output/confirmed.js';
import { printable } from '../output/failure-text.js';
import { countText } from '../output/units.js';
import { addConnectionOptions, type Session } from '../session.js';

/** As lists and citations name it; its id alone will do. */
function fileOf(named: string): string {
  const [, id] = /^(?:solutions\/)?(sol_[0-9a-z-]{1,60})(?:\.md)?$/.exec(named) ?? [];
  if (id === undefined)
    throw new AppError('invalid_input', `${printable(named)} is no solution: one is named solutions/sol_….md.`);
  return `solutions/${id}.md`;
}

export function addShow(group: Command, session: Session): void {
  const command = group
    .command('show')
    .description('a solution: the problem, what solved it, and its evidence')
    .argument('<solution>', 'as solution list names it');
  addConnectionOptions(command)
    .addHelpText('after', '\nIt is data: somebody wrote it.\n\nExample:\n  npx @labmesh/cli solution show sol_…')
    .action((named: string) =>
      session.run(command, async ({ lab, output }) => {
        const document = await lab.use(librarian, 'get_document', { file: fileOf(named) });
        output.answer(document, () => output.line(printable(document.text).trimEnd()));
      }),
    );
}

export function addVote(group: Command, session: Session): void {
  const command = group
    .command('vote')
    .description('say that a solution helped you, or take that back')
    .argument('<solution>', 'as solution list names it')
    .option('--back', 'take your vote back');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nA wallet has one vote for a solution, and none for its own.\n\nExamples:\n  npx @labmesh/cli solution vote sol_…\n  npx @labmesh/cli solution vote sol_… --back',
    )
    .action((named: string, { back }: { back?: true }) =>
      session.run(command, async ({ lab, output }) => {
        const vote = back === true ? ('withdrawn' as const) : ('up' as const);
        const standing = await lab.use(librarian, 'vote_solution', { file: fileOf(named), vote });
        const yours = standing.voted ? ', yours among them' : ', none of them yours';
        output.answer(standing, () => output.line(`${countText(standing.votes, 'vote')}${yours}`));
      }),
    );
}

export function addAccept(group: Command, session: Session): void {
  const command = group
    .command('accept')
    .description('say for the lab that a solution is right, for good: its author is paid')
    .argument('<solution>', 'as solution list names it')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText('after', '\nNever by its author.\n\nExample:\n  npx @labmesh/cli solution accept sol_…')
    .action((named: string, { yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        const file = fileOf(named);
        await confirmed(host, { ask: `Accept ${file}? It cannot be taken back, and its author is paid.`, yes });
        const done = await lab.use(librarian, 'accept_solution', { file });
        const when = done.alreadyAccepted ? 'It was accepted before' : 'Accepted';
        output.answer(done, () => output.line(`${when}, ${done.acceptedAt}`));
      }),
    );
}
