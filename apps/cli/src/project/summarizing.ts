// `labmesh project summary`: what a project does, as the lab reads it from its code, and with --model in a model's words too.
import { AppError, librarian } from '@labmesh/contracts';
import type { Command } from 'commander';
import { printable } from '../output/failure-text.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { projectIdOf } from './own-project.js';

const HELP = `
Purpose, entry points, modules, data flow, how to run, configuration, tests and licences, each with files and lines, and what could
not be told. It is Markdown, with a Mermaid graph of the modules; --json has every cited line too.

With --model one of the lab's language models is shown what was found and the beginnings of the most telling files, without secrets and
never .env, and says it in its own words: an overview, and better sentences. Each is marked, cites lines, and is left out where these do
not bear it out. When the model fails, the summary is there all the same and says why.

Examples:
  npx @labmesh/cli project summary flare-study
  npx @labmesh/cli project summary flare-study > SUMMARY.md
  npx @labmesh/cli project summary flare-study --model`;

export function addSummary(group: Command, session: Session): void {
  const command = group
    .command('summary')
    .description('what a project does, from its code')
    .argument('[project]', 'its name or id; the one of this folder when left out')
    .option('--model [name]', 'let a language model tell of it too: this one, or the default of the lab');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((named: string | undefined, { model: wanted }: { readonly model?: string | true }) =>
      session.run(command, async ({ lab, output, host }) => {
        const projectId = await projectIdOf(lab, named, host);
        const model = wanted === true ? await defaultModel(lab) : wanted;
        const found = await lab.use(librarian, 'generate_documentation_summary', { projectId, model });
        output.answer(found, () => output.line(printable(found.summary.markdown).trimEnd()));
      }),
    );
}

/** @throws AppError conflict where the lab has none */
async function defaultModel(lab: Work['lab']): Promise<string> {
  const { models } = await lab.use(librarian, 'list_models', {});
  const found = models.find(({ isDefault }) => isDefault);
  if (found !== undefined) return found.name;
  throw new AppError(
    'conflict',
    'Cannot let a model tell of it: the lab has none. The operator connects one: npx @labmesh/cli model add. Leave --model out.',
  );
}
