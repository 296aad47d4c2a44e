// `labmesh dao list` and `parameters`: which proposals there are, and what they may change.
import { chancellor, PROPOSAL_STATES, type ProposalState } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { wholeNumber } from '../dataset/numbers.js';
import { gathered } from '../lab/gathered.js';
import type { Output } from '../output/output.js';
import { sinceText } from '../output/units.js';
import { addConnectionOptions, type Session } from '../session.js';
import { STATE_STYLES } from './state.js';

const PAGE_MAX = 50;

type Summary = z.output<typeof chancellor.tools.list_proposals.output>['proposals'][number];

interface ListOptions {
  readonly state?: ProposalState[];
  readonly proposer?: string;
  readonly limit: number;
}

export function addList(group: Command, session: Session): void {
  const command = group
    .command('list')
    .description('proposals, the newest first')
    .addOption(new Option('--state <states...>', 'only those in these states').choices(PROPOSAL_STATES))
    .option('--proposer <wallet>', 'only those of this wallet')
    .option('--limit <count>', 'how many', wholeNumber, 20);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli dao list\n  npx @labmesh/cli dao list --state active --json | jq -r ".proposals[].proposalId"',
    )
    .action(({ state: states, proposer, limit: wanted }: ListOptions) =>
      session.run(command, async ({ lab, output }) => {
        const { rows: proposals, rest } = await gathered({ wanted, most: PAGE_MAX }, async (limit, cursor) => {
          const page = await lab.use(chancellor, 'list_proposals', { states, proposer, limit, cursor });
          return { rows: page.proposals, nextCursor: page.nextCursor };
        });
        output.answer({ proposals, ...rest }, () => showList(output, proposals));
        if (rest.nextCursor !== undefined) output.note(`There are more: --limit ${wanted * 2}`);
      }),
    );
}

function showList(output: Output, proposals: readonly Summary[]): void {
  if (proposals.length === 0) output.note('No proposal fits.');
  else
    output.table(
      ['PROPOSAL', 'TITLE', 'STATE', 'VOTING', 'VOTES UNTIL', 'AGE', 'PROPOSER'],
      proposals.map(({ proposalId, title, state, voting, votesUntil, createdAt, proposer }) => [
        { text: proposalId, style: 'bold' },
        title,
        { text: state, style: STATE_STYLES[state] },
        voting,
        votesUntil,
        sinceText(createdAt, Date.now()),
        proposer,
      ]),
    );
}

export function addParameters(group: Command, session: Session): void {
  const command = group
    .command('parameters')
    .description('what proposals may change: each parameter, its value and bounds')
    .option('--number <version>', 'as they were in an earlier version', wholeNumber);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli dao parameters\n  npx @labmesh/cli dao parameters --json | jq -r \'.parameters[] | select(.parameter == "governance.quorum").value\'',
    )
    .action(({ number: version }: { number?: number }) =>
      session.run(command, async ({ lab, output }) => {
        const set = await lab.use(chancellor, 'get_parameters', { version });
        output.answer(set, () =>
          output.table(
            ['PARAMETER', 'VALUE', 'KIND', 'LEAST', 'MOST', 'MEANING'],
            set.parameters.map(({ parameter, value, kind, least, most, meaning }) => [
              { text: parameter, style: 'bold' },
              value,
              kind.replaceAll('_', ' '),
              least,
              most,
              meaning,
            ]),
          ),
        );
        const since = set.setAt === null ? 'as every lab begins' : `set ${set.setAt} by ${set.setBy}`;
        const who = set.daoEnabled
          ? 'Only executed proposals change them.'
          : 'The operator may set them, until the DAO is switched on.';
        output.note(`Version ${set.version}, ${since}. ${who}`);
      }),
    );
}
