// `labmesh solution ls`: logged solutions, by words, tags, author and acceptance.
import { librarian, type ToolOutput } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { wholeNumber } from '../dataset/numbers.js';
import { gathered } from '../lab/gathered.js';
import type { Output } from '../output/output.js';
import { sinceText } from '../output/units.js';
import { ownProject } from '../project/own-project.js';
import { addConnectionOptions, type Session } from '../session.js';

const PAGE_MAX = 100;

type Listed = ToolOutput<typeof librarian.tools.list_solutions>['solutions'];

interface ListOptions {
  readonly tag?: string[];
  readonly mine?: true;
  readonly accepted?: true;
  readonly project?: string;
  readonly order: 'newest' | 'votes';
  readonly limit: number;
}

export function addList(group: Command, session: Session): void {
  const command = group
    .command('list')
    .alias('ls')
    .description('logged solutions, the newest first')
    .argument('[words...]', 'only those that have all of these words')
    .option('--tag <tags...>', 'only with all of these tags')
    .option('--mine', 'only yours')
    .option('--accepted', 'only what was accepted')
    .option('--project <project>', 'only what was logged with this project of yours, by its name or id')
    .addOption(new Option('--order <order>', 'what comes first').choices(['newest', 'votes']).default('newest'))
    .option('--limit <count>', 'how many', wholeNumber, 20);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli solution list pump stalls\n  npx @labmesh/cli solution list --accepted --order votes\n  npx @labmesh/cli solution list --mine --json | jq -r ".solutions[].file"',
    )
    .action((words: string[], { tag: tags, mine, accepted, project: named, order, limit: wanted }: ListOptions) =>
      session.run(command, async ({ lab, output, host }) => {
        const project = await ownProject({ lab, host }, named);
        const author = mine === true ? ('mine' as const) : ('anyone' as const);
        const text = words.length === 0 ? undefined : words.join(' ');
        const { rows: solutions, rest } = await gathered({ wanted, most: PAGE_MAX }, async (limit, cursor) => {
          const asked = { words: text, tags, author, accepted, project, order, limit, cursor };
          const page = await lab.use(librarian, 'list_solutions', asked);
          return { rows: page.solutions, nextCursor: page.nextCursor };
        });
        output.answer({ solutions, ...rest }, () => showList(output, solutions));
        if (rest.nextCursor !== undefined) output.note(`There are more: --limit ${wanted * 2}`);
      }),
    );
}

function showList(output: Output, solutions: Readonly<Listed>): void {
  if (solutions.length === 0) output.note('No solution fits.');
  else
    output.table(
      ['SOLUTION', 'TITLE', 'VOTES', 'ACCEPTED', 'AGE', 'TAGS', ''],
      solutions.map(({ file, title, votes, voted, acceptedAt, loggedAt, tags, mine }) => [
        { text: file, style: 'bold' },
        title,
        `${votes}${voted ? ', yours among them' : ''}`,
        acceptedAt === null ? '' : { text: 'yes', style: 'green' },
        sinceText(loggedAt, Date.now()),
        tags.join(' '),
        mine ? 'yours' : '',
      ]),
    );
}
