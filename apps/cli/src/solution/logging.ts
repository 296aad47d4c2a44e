// `labmesh solution log`: writes down a problem and what solved it, once.
import { librarian } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { textOf } from '../arguments/text.js';
import { countText } from '../output/units.js';
import { ownProject } from '../project/own-project.js';
import { addConnectionOptions, type Session } from '../session.js';

const HELP = `
A text is given as it is, as @file, or as - for standard input. Everybody in the lab finds it at once, by its words and by the error
that it solves: of the error only its fingerprints are kept. The same again answers the first. One that looks like another is refused
with its name; say then whether it is another way to solve the same (variant), or stands apart.

Examples:
  npx @labmesh/cli solution log "Pump stalls" --problem "It stops after an hour." --solution @degassing.md --tag pump
  npx @labmesh/cli solution log "Singular runs" --problem @why.txt --solution "Take out equal rows." --error @job.log --evidence job_…`;

interface LogOptions {
  readonly problem: string;
  readonly solution: string;
  readonly tag?: string[];
  readonly evidence?: string[];
  readonly error?: string;
  readonly project?: string;
  readonly ifSimilar: 'tell' | 'variant' | 'apart';
}

export function addLog(group: Command, session: Session): void {
  const command = group
    .command('log')
    .description('write down a problem and its solution, for everybody in the lab')
    .argument('<title>', 'what it is about, in one line')
    .requiredOption('--problem <text>', 'what was wrong')
    .requiredOption('--solution <text>', 'what to do')
    .option('--tag <tags...>', 'what it is about, in a word each')
    .option('--evidence <places...>', 'ids of jobs and datasets, kb:// and https:// addresses')
    .option('--error <text>', 'the error that it solves')
    .option('--project <project>', 'it belongs to this project of yours, too, by its name or id: nobody else sees that')
    .addOption(
      new Option('--if-similar <what>', 'when another looks like it')
        .choices(['tell', 'variant', 'apart'])
        .default('tell'),
    );
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((title: string, { problem, solution, tag: tags, evidence, error, project, ifSimilar }: LogOptions) =>
      session.run(command, async ({ lab, output, host }) => {
        const logged = await lab.use(librarian, 'log_new_solution', {
          ...{ title, tags, evidence, ifSimilar },
          project: await ownProject({ lab, host }, project),
          problem: await textOf(problem, host),
          solution: await textOf(solution, host),
          errorText: error === undefined ? undefined : await textOf(error, host),
        });
        output.answer(logged, () => output.line(logged.file));
        if (logged.alreadyLogged) output.note('It was logged before; this is that one.');
        else if (logged.errors > 0) output.note(`Found by ${countText(logged.errors, 'kind')} of errors, too.`);
      }),
    );
}
