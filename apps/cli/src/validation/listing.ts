// `labmesh validation ls`: claims that somebody may check, asked for, reported on, or that have ended.
import { curator, VALIDATION_LISTS } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { wholeNumber } from '../dataset/numbers.js';
import { gathered } from '../lab/gathered.js';
import { addConnectionOptions, type Session } from '../session.js';
import { STATE_STYLES } from './state.js';

const PAGE_MAX = 100;

interface ListOptions {
  readonly which: (typeof VALIDATION_LISTS)[number];
  readonly limit: number;
}

export function addList(group: Command, session: Session): void {
  const command = group
    .command('ls')
    .alias('list')
    .description('validations, the newest first')
    .addOption(
      new Option('--which <which>', 'open to you, asked for by you, reported on by you, or ended')
        .choices(VALIDATION_LISTS)
        .default('open'),
    )
    .option('--limit <count>', 'how many', wholeNumber, 20);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli validation ls\n  npx @labmesh/cli validation ls --which ended --json | jq -r ".validations[].state"',
    )
    .action(({ which, limit: wanted }: ListOptions) =>
      session.run(command, async ({ lab, output }) => {
        const { rows: validations, rest } = await gathered({ wanted, most: PAGE_MAX }, async (limit, cursor) => {
          const page = await lab.use(curator, 'list_validations', { which, limit, cursor });
          return { rows: page.validations, nextCursor: page.nextCursor };
        });
        output.answer({ validations, ...rest }, () => {
          if (validations.length > 0)
            output.table(
              ['VALIDATION', 'TITLE', 'STATE', 'METRIC', 'DATASET', 'REPORTS', 'UNTIL'],
              validations.map(({ validationId, title, state, metric, datasetId, version, deadline, ...counts }) => [
                { text: validationId, style: 'bold' },
                title,
                { text: state, style: STATE_STYLES[state] },
                metric,
                `${datasetId} ${version}`,
                `${counts.reportsMade}, ${counts.reportsWanted} must agree`,
                deadline,
              ]),
            );
        });
        if (validations.length === 0) output.note('There is none. Others: --which asked, reported or ended');
        if (rest.nextCursor !== undefined) output.note(`There are more: --limit ${wanted * 2}`);
      }),
    );
}
