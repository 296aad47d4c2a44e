// `labmesh project create`: a project from a template in a folder of this machine, with a key of its own outside of it.
import { resolve } from 'node:path';
import { architect, chancellor } from '@labmesh/contracts';
import { envFile, placeFiles, type ProjectFile } from '@labmesh/projects';
import type { Command } from 'commander';
import { clientKey } from '../connect/key-file.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { fetched } from './archive.js';
import { showChanges } from './changes.js';
import { inputsOf } from './inputs.js';
import { projectKeyFile } from './own-project.js';
import { templateNamed } from './template-named.js';

const HELP = `
The files come as an archive whose SHA-256 is checked, and are put into the folder all or none: what is there already stays, and
a file in the way ends it. Beside them comes .env (mode 0600, ignored by git), which names the lab, your wallet and the file with
the project's key: a client key for the template's tools alone, of 30 days, in $XDG_STATE_HOME/labmesh/projects. Secrets that a
template asks are kept by the lab, sealed, and are in no file: npx @labmesh/cli project run puts them into the environment.

Examples:
  npx @labmesh/cli project create data-scientist-vial flare-study
  npx @labmesh/cli project create astronomer-vial m42 --input observatory="Back garden" --input apiKey=@nasa.key
  npx @labmesh/cli project create validator-vial checks --dry-run`;

interface CreateOptions {
  readonly input: readonly string[];
  readonly dir?: string;
  readonly release?: string;
  readonly onLab: boolean;
  readonly dryRun: boolean;
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

export function addCreate(group: Command, session: Session): void {
  const command = group
    .command('create')
    .description('make a project from a template')
    .argument('<template>', 'as npx @labmesh/cli template ls names it')
    .argument('<name>', 'the project’s, and its folder’s')
    .option(
      '--input <name=value>',
      'what the template asks; name=@file reads it from a file; may be repeated',
      collect,
      [],
    )
    .option('--dir <folder>', 'where to; a folder of the project’s name here when left out')
    .option('--release <version>', 'of the template; the newest when left out')
    .option('--on-lab', 'a folder on the lab’s disk instead', false)
    .option('--dry-run', 'show the files, and make nothing', false);
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((template: string, name: string, options: CreateOptions) =>
      session.run(command, (work) => create(session, work, { template, name, ...options })),
    );
}

async function create(
  session: Session,
  work: Work,
  order: CreateOptions & { template: string; name: string },
): Promise<void> {
  const { lab, output, host } = work;
  const { template, name, release: version, dryRun, onLab } = order;
  const card = await templateNamed(work, template);
  const inputs = await inputsOf({ schema: card.inputs, given: order.input, host });
  const place = onLab ? 'folder' : 'archive';
  const made = await lab.use(architect, 'instantiate_template', { template, name, version, inputs, place, dryRun });
  const { project } = made;
  const folder = resolve(host.cwd, order.dir ?? name);
  if (project?.archive != null) {
    const files = await fetched(work, project.archive);
    const key = await keyOf(session, work, { projectId: project.projectId, name, tools: made.template.toolset });
    await placeFiles({ target: folder, put: [...files, await envOf(work, key)] }, { signal: host.signal });
  }
  const where = onLab ? (project?.folder ?? null) : folder;
  output.answer({ ...made, folder: where }, () => {
    if (dryRun) showChanges(output, made.files);
    else {
      output.line(where ?? project?.projectId ?? name);
      if (made.alreadyThere) output.note('It was made before; this is that project.');
      for (const step of made.next) output.note(step);
    }
  });
}

async function keyOf(
  { config }: Session,
  { lab }: Work,
  { projectId, name, tools }: { projectId: string; name: string; tools: readonly string[] },
): Promise<string> {
  const file = projectKeyFile(config.places.state, projectId);
  const label = `Project ${name}`.slice(0, 80);
  await clientKey(lab, { file, label, ttlSeconds: 30 * 86_400, tools, fresh: false });
  return file;
}

async function envOf({ lab, url }: Work, tokenFile: string): Promise<ProjectFile> {
  const { walletId } = await lab.use(chancellor, 'get_balance', {});
  return envFile({ url, wallet: walletId, tokenFile });
}
