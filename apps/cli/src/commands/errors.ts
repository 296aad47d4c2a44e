// `labmesh errors`: kinds of errors that were seen, those seen last first, with what solves them.
import { librarian, type ToolOutput } from '@labmesh/contracts';
import type { Command } from 'commander';
import { momentOf } from '../arguments/time.js';
import { wholeNumber } from '../dataset/numbers.js';
import { gathered } from '../lab/gathered.js';
import { printable } from '../output/failure-text.js';
import type { Output } from '../output/output.js';
import { countText } from '../output/units.js';
import { addConnectionOptions, type Session } from '../session.js';

const HELP = `
Your own: of jobs that failed, of texts that you had explained, of solutions that you logged. The operator's list is the whole lab's,
with the errors that agents and workers logged of their own.

Examples:
  npx @labmesh/cli errors
  npx @labmesh/cli errors --since 2026-11-21
  npx @labmesh/cli errors timed out --limit 50 --json`;

/** Most that the lab answers at once. */
const PAGE_MAX = 100;

type Listed = Readonly<ToolOutput<typeof librarian.tools.list_errors>['errors']>;

interface Options {
  readonly since?: string;
  readonly limit: number;
}

export function addErrors(program: Command, session: Session): void {
  const command = program
    .command('errors')
    .description('kinds of errors that were seen, how often and where, and what solves them')
    .argument('[words...]', 'only those that have all of them')
    .option('--since <time>', 'only what was seen since then', momentOf)
    .option('--limit <count>', 'how many', wholeNumber, 20);
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((given: readonly string[], { since, limit: wanted }: Options) =>
      session.run(command, async ({ lab, output }) => {
        const words = given.length === 0 ? undefined : given.join(' ');
        const { rows: errors, rest } = await gathered({ wanted, most: PAGE_MAX }, async (limit, cursor) => {
          const page = await lab.use(librarian, 'list_errors', { words, since, limit, cursor });
          return { rows: page.errors, nextCursor: page.nextCursor };
        });
        output.answer({ errors, ...rest }, () => show(output, errors));
        if (rest.nextCursor !== undefined) output.note(`There are more: --limit ${wanted * 2}`);
      }),
    );
}

function show(output: Output, errors: Listed): void {
  output.layOut();
  if (errors.length === 0) output.note('No such error was seen.');
  for (const { template, lines, sources, lastAt, where, solutions } of errors) {
    output.line(output.style('bold', printable(template)));
    const places = where.length === 0 ? '' : `: ${where.join(', ')}`;
    output.line(printable(`  ${countText(lines, 'time')} at ${countText(sources, 'source')}, last ${lastAt}${places}`));
    for (const { file, title, accepted } of solutions)
      output.line(printable(`  solved by ${file}  ${title}${accepted ? ' (accepted)' : ''}`));
    output.line();
  }
}
