// `labmesh template`: the lab's project templates.
import { architect } from '@labmesh/contracts';
import type { Command } from 'commander';
import { printable } from '../output/failure-text.js';
import { addConnectionOptions, type Session } from '../session.js';

export function addTemplate(program: Command, session: Session): void {
  const group = program.command('template').description('project templates');
  addList(group, session);
  addReadme(group, session);
}

function addList(group: Command, session: Session): void {
  const command = group.command('list').description('what templates there are');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli template list')
    .action(() =>
      session.run(command, async ({ lab, output }) => {
        const { templates } = await lab.use(architect, 'list_available_templates', {});
        output.answer({ templates }, () =>
          output.table(
            ['TEMPLATE', 'FOR', 'WHAT IT IS'],
            templates.map(({ name, audience, summary }) => [{ text: name, style: 'bold' }, audience, summary]),
          ),
        );
      }),
    );
}

function addReadme(group: Command, session: Session): void {
  const command = group
    .command('readme')
    .description('a template’s README, as Markdown')
    .argument('<name>', 'a template’s name');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli template readme data-scientist')
    .action((name: string) =>
      session.run(command, async ({ lab, output }) => {
        const readme = await lab.use(architect, 'get_template_readme', { name });
        output.answer(readme, () => output.line(printable(readme.markdown).trimEnd()));
      }),
    );
}
