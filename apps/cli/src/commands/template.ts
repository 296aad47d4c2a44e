// `labmesh template`: the lab's project templates.
import { basename, resolve } from 'node:path';
import { AppError, architect, TemplateName } from '@labmesh/contracts';
import { readFolder } from '@labmesh/projects';
import { refuseSecrets } from '@labmesh/projects/rules';
import type { Command } from 'commander';
import { kindText, propertiesOf, requiredOf } from '../arguments/schema.js';
import { showFacts } from '../output/facts.js';
import { printable } from '../output/failure-text.js';
import type { Output } from '../output/output.js';
import { bytesText } from '../output/units.js';
import { sent } from '../project/archive.js';
import { type Template, templateNamed } from '../project/template-named.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';

export function addTemplate(program: Command, session: Session): void {
  const group = program
    .command('template')
    .description('project templates')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli template list');
  addList(group, session);
  addShow(group, session);
  addReadme(group, session);
  addPublish(group, session);
}

function addList(group: Command, session: Session): void {
  const command = group.command('list').alias('ls').description('what templates there are');
  addConnectionOptions(command)
    .option('--query <words>', 'about this')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli template list')
    .action(({ query }: { query?: string }) =>
      session.run(command, async ({ lab, output }) => {
        const { templates } = await lab.use(architect, 'list_available_templates', { query });
        output.answer({ templates }, () =>
          output.table(
            ['TEMPLATE', 'VERSION', 'FOR', 'WHAT IT IS'],
            templates.map(({ name, version, audience, summary }) => [
              { text: name, style: 'bold' },
              version,
              audience,
              summary,
            ]),
          ),
        );
      }),
    );
}

function addShow(group: Command, session: Session): void {
  const command = group
    .command('show')
    .description('what a template asks and uses')
    .argument('<name>', 'a template’s name');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli template show data-scientist-vial')
    .action((name: string) =>
      session.run(command, async (work) => {
        const template = await templateNamed(work, name);
        work.output.answer(template, () => showTemplate(work.output, template));
      }),
    );
}

function showTemplate(
  output: Output,
  { title, name, version, summary, tools, inputs, files, bytes, source }: Template,
): void {
  const required = requiredOf(inputs);
  output.line(`${output.style('bold', title)}  ${output.style('dim', `${name} ${version}`)}`);
  output.line(printable(summary));
  output.line();
  showFacts(output, [
    ['from', source.kind],
    ['files', `${files}, ${bytesText(bytes)}`],
    ['tools', tools.join(', ')],
  ]);
  const asked = Object.entries(propertiesOf(inputs));
  if (asked.length > 0) output.line();
  if (asked.length > 0)
    output.table(
      ['INPUT', 'VALUE', 'MEANING'],
      asked.map(([input, schema]) => [
        { text: required.includes(input) ? `${input} *` : input, style: 'bold' },
        `${kindText(schema)}${schema.writeOnly === true ? ', a secret' : ''}`,
        typeof schema.description === 'string' ? schema.description : '',
      ]),
    );
  output.line();
  output.line(
    `npx @labmesh/cli project create ${[name, '<name>', ...required.map((input) => `--input ${input}=…`)].join(' ')}`,
  );
}

const PUBLISH_HELP = `
The lab checks it and makes a project of it for trial. What is published stays as it is: a change is a new version. A key, token or
password in a file of it is refused with its line: before anything is sent, and by the lab once more.

Examples:
  npx @labmesh/cli template publish my-vial --dry-run
  npx @labmesh/cli template publish --git https://github.com/lab/vials.git --commit 4f5a…9c --folder my-vial`;

interface PublishOptions {
  readonly git?: string;
  readonly commit?: string;
  readonly folder?: string;
  readonly dryRun: boolean;
}

function addPublish(group: Command, session: Session): void {
  const command = group
    .command('publish')
    .description('add a template to the lab, or a newer version of it, for the operator')
    .argument('[folder]', 'with template.json, README.md and files')
    .option('--git <address>', 'a repository instead')
    .option('--commit <id>', 'of it, by its 40 digits')
    .option('--folder <path>', 'in the repository; its root when left out')
    .option('--dry-run', 'only check it', false);
  addConnectionOptions(command)
    .addHelpText('after', PUBLISH_HELP)
    .action((dir: string | undefined, options: PublishOptions) =>
      session.run(command, async (work) => {
        const { dryRun } = options;
        const from = dir === undefined ? gitOf(options) : { uploadId: await uploaded(work, dir, options) };
        const done = await work.lab.use(architect, 'publish_template', { ...from, dryRun });
        const { name, version } = done.template;
        const said = done.published ? 'Published' : dryRun ? 'Nothing is wrong with' : 'It was there before:';
        work.output.answer(done, () => work.output.line(`${said} ${name} ${version}`));
      }),
    );
}

function gitOf({ git: url, commit, folder }: PublishOptions) {
  if (url !== undefined && commit !== undefined) return { git: { url, commit, folder } };
  throw new AppError(
    'invalid_input',
    'Say what to publish: a folder, or --git with --commit, since a branch could be another thing tomorrow.',
  );
}

async function uploaded(work: Work, dir: string, { git }: PublishOptions): Promise<string> {
  if (git !== undefined) throw new AppError('invalid_input', 'Give a folder or --git, not both.');
  const folder = resolve(work.host.cwd, dir);
  const files = await readFolder(folder);
  // Here already, so that no secret leaves this machine; the lab looks once more.
  await refuseSecrets(files, { what: folder, signal: work.host.signal });
  const name = basename(folder);
  // It has its folder's name where it gives none itself; a folder of any other name is no template's.
  const names = TemplateName.safeParse(name).success;
  return sent(work, names ? files.map((file) => ({ ...file, path: `${name}/${file.path}` })) : files, name);
}

function addReadme(group: Command, session: Session): void {
  const command = group
    .command('readme')
    .description('a template’s README, as Markdown')
    .argument('<name>', 'a template’s name');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli template readme data-scientist-vial')
    .action((name: string) =>
      session.run(command, async ({ lab, output }) => {
        const readme = await lab.use(architect, 'get_template_readme', { name });
        output.answer(readme, () => output.line(printable(readme.markdown).trimEnd()));
      }),
    );
}
