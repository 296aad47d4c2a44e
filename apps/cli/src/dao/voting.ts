// `labmesh dao vote` and `delegate`: your vote on a proposal, or another wallet that votes for you.
import { AppError, chancellor } from '@labmesh/contracts';
import type { Command } from 'commander';
import { confirmed } from '../output/confirmed.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { ballotOf } from './ballot.js';

const VOTE_HELP = `
How a vote is written depends on the proposal's voting:
  basic                  for, against or abstain
  single                 the number of one choice: 2
  approval               the numbers of all that you approve of: 1,3
  ranked, copeland       the numbers of all choices, the best first: 2,1,3
  weighted, quadratic    a weight for each choice in their order: 60,0,40
A vote cannot be changed, so at a terminal you are asked; --yes answers.

Examples:
  npx @labmesh/cli dao vote prop_… for --reason "It is fair"
  npx @labmesh/cli dao vote prop_… 2,1,3 --yes`;

interface VoteOptions {
  readonly reason?: string;
  readonly yes?: boolean;
}

export function addVote(group: Command, session: Session): void {
  const command = group
    .command('vote')
    .description('vote on a proposal, once')
    .argument('<proposal>', 'its id')
    .argument('<vote>', 'for, against, abstain, or numbers: see below')
    .option('--reason <text>', 'why, for all to read')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText('after', VOTE_HELP)
    .action((proposalId: string, said: string, options: VoteOptions) =>
      session.run(command, (work) => vote(work, { proposalId, said }, options)),
    );
}

async function vote(
  { lab, output, host }: Work,
  { proposalId, said }: { proposalId: string; said: string },
  { reason, yes }: VoteOptions,
): Promise<void> {
  // How it is voted on decides how the vote is read.
  const { voting, title } = await lab.use(chancellor, 'propose_dao_governance', { proposalId });
  const ballot = ballotOf(voting, said);
  await confirmed(host, { ask: `Vote ${said} on “${title}”? It cannot be changed.`, yes });
  const done = await lab.use(chancellor, 'cast_vote', { proposalId, ...ballot, reason });
  output.answer(done, () => output.line(`Voted ${said} with ${done.power} $webxos.`));
  output.note(
    `Votes until ${done.votesUntil}${done.extended ? ': yours reached the quorum late, so voting goes on' : ''}.`,
  );
}

export function addDelegate(group: Command, session: Session): void {
  const command = group
    .command('delegate')
    .description('let another wallet vote with your power, or take it back')
    .argument('[wallet]', 'who votes for you')
    .option('--back', 'vote yourself again');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nIt counts for proposals whose snapshot is still to come. What was delegated to you is not passed on.\n\nExamples:\n  npx @labmesh/cli dao delegate wal_…\n  npx @labmesh/cli dao delegate --back',
    )
    .action((to: string | undefined, { back }: { back?: boolean }) =>
      session.run(command, async ({ lab, output }) => {
        if ((to === undefined) === (back !== true))
          throw new AppError('invalid_input', 'Say who votes for you, or --back to vote yourself again.');
        const done = await lab.use(chancellor, 'delegate_votes', { to });
        output.answer(done, () =>
          output.line(
            done.delegate === null
              ? `You vote yourself, with ${done.power} $webxos from now on.`
              : `${done.delegate} votes for you. Left to you: ${done.power} $webxos.`,
          ),
        );
      }),
    );
}
