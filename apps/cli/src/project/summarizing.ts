// `labmesh project summary`: what a project does, as the lab reads it from its code.
import { librarian } from '@labmesh/contracts';
import type { Command } from 'commander';
import { printable } from '../output/failure-text.js';
import { addConnectionOptions, type Session } from '../session.js';
import { projectIdOf } from './own-project.js';

const HELP = `
Purpose, entry points, modules, data flow, how to run, configuration, tests and licences, each with files and lines, and what could
not be told. It is Markdown, with a Mermaid graph of the modules; --json has every cited line too.

Examples:
  npx @labmesh/cli project summary flare-study
  npx @labmesh/cli project summary flare-study > SUMMARY.md`;

export function addSummary(group: Command, session: Session): void {
  const command = group
    .command('summary')
    .description('what a project does, from its code')
    .argument('[project]', 'its name or id; the one of this folder when left out');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((named: string | undefined) =>
      session.run(command, async ({ lab, output, host }) => {
        const projectId = await projectIdOf(lab, named, host);
        const found = await lab.use(librarian, 'generate_documentation_summary', { projectId });
        output.answer(found, () => output.line(printable(found.summary.markdown).trimEnd()));
      }),
    );
}
