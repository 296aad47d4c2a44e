// `labmesh project ls`, `show` and `delete`: what projects you have at the lab, and the end of one.
import { AppError, architect } from '@labmesh/contracts';
import type { Command } from 'commander';
import { wholeNumber } from '../dataset/numbers.js';
import { withdrawKey } from '../connect/key-file.js';
import { gathered } from '../lab/gathered.js';
import { confirmed } from '../output/confirmed.js';
import { showFacts } from '../output/facts.js';
import { bytesText } from '../output/units.js';
import { addConnectionOptions, type Session } from '../session.js';
import { projectIdOf, projectKeyFile } from './own-project.js';

const PAGE_MAX = 200;

export function addList(group: Command, session: Session): void {
  const command = group
    .command('ls')
    .description('your projects, the newest first')
    .option('--template <name>', 'of this template')
    .option('--limit <count>', 'how many', wholeNumber, 50)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli project ls');
  addConnectionOptions(command).action(({ template, limit: wanted }: { template?: string; limit: number }) =>
    session.run(command, async ({ lab, output }) => {
      const { rows: projects, rest } = await gathered({ wanted, most: PAGE_MAX }, async (limit, cursor) => {
        const page = await lab.use(architect, 'list_projects', { template, limit, cursor });
        return { rows: page.projects, nextCursor: page.nextCursor };
      });
      output.answer({ projects, ...rest }, () => {
        if (projects.length === 0) return output.note('You have no project yet: npx @labmesh/cli project create');
        output.table(
          ['PROJECT', 'TEMPLATE', 'VERSION', 'NEWEST', 'ID', 'MADE'],
          projects.map(({ name, template: from, version, newestVersion, projectId, createdAt }) => [
            { text: name, style: 'bold' },
            from,
            version,
            { text: newestVersion ?? '-', style: newestVersion === version ? 'dim' : 'yellow' },
            projectId,
            createdAt,
          ]),
        );
      });
      if (rest.nextCursor !== undefined) output.note(`There are more: --limit ${wanted * 2}`);
    }),
  );
}

export function addShow(group: Command, session: Session): void {
  const command = group
    .command('show')
    .description('a project: its template, files and updates')
    .argument('[project]', 'its name or id; the one of this folder when left out')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli project show flare-study');
  addConnectionOptions(command).action((named: string | undefined) =>
    session.run(command, async ({ lab, output, host }) => {
      const found = await lab.use(architect, 'get_project', { projectId: await projectIdOf(lab, named, host) });
      output.answer(found, () => {
        const { project, files, history } = found;
        output.line(`${output.style('bold', project.name)}  ${output.style('dim', project.projectId)}`);
        showFacts(output, [
          ['template', `${project.template} ${project.version}`],
          ['folder', project.folder],
          ['inputs', JSON.stringify(project.inputs)],
          ['secrets', project.secrets.join(', ') || null],
          ['updated', project.updatedAt],
          [
            'updates',
            history
              .map(({ version, conflicts }) => `${version}${conflicts > 0 ? ` (${conflicts} conflicts)` : ''}`)
              .join(', '),
          ],
        ]);
        output.line();
        output.table(
          ['FILE', 'SIZE', ''],
          files.map(({ path, bytes, executable }) => [path, bytesText(bytes), executable ? 'executable' : '']),
        );
      });
    }),
  );
}

const DELETE_HELP = `
Its folder on the lab's disk, its archive, its kept secrets and its key. The folder on this machine stays. It cannot be taken back.

Example:
  npx @labmesh/cli project delete flare-study --yes`;

export function addDelete(group: Command, session: Session): void {
  const command = group
    .command('delete')
    .description('delete a project from the lab, for good')
    .argument('<project>', 'its name or id')
    .option('--yes', 'you mean it; do not ask')
    .addHelpText('after', DELETE_HELP);
  addConnectionOptions(command).action((named: string, { yes }: { yes?: boolean }) =>
    session.run(command, async ({ lab, output, host }) => {
      const projectId = await projectIdOf(lab, named, host);
      await confirmed(host, { ask: `Delete ${named} from the lab, for good?`, yes, always: true });
      const done = await lab.use(architect, 'delete_project', { projectId });
      const withdrawn = await withdrawKey(lab, projectKeyFile(session.config.places.state, projectId)).catch(
        (error: unknown) => {
          if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
          return false;
        },
      );
      output.answer({ ...done, keyWithdrawn: withdrawn }, () => output.line(`Deleted ${projectId}.`));
    }),
  );
}
