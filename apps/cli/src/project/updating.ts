// `labmesh project update`: a project brought to a newer template. One in a folder of this machine goes there and back as an archive,
// and what came is put in all or none; a file that was edited meanwhile ends it without a change.
import { architect } from '@labmesh/contracts';
import { type FilePut, type ProjectFile, placeFiles, sameFile, sha256Of } from '@labmesh/projects';
import type { Command } from 'commander';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { fetched, sent } from './archive.js';
import { type FileChange, showChanges } from './changes.js';
import { inputsOf } from './inputs.js';
import { localProject } from './own-project.js';

const HELP = `
Your edits, deletions and modes stay. Lines that you and the template both changed are marked in the file, as git marks them;
exit code 6 then says that there is something for you to settle. Secrets are kept: nothing is asked again.

Examples:
  npx @labmesh/cli project update --dry-run
  npx @labmesh/cli project update flare-study --release 1.2.0`;

interface UpdateOptions {
  readonly release?: string;
  readonly input: readonly string[];
  readonly dryRun: boolean;
}

export function addUpdate(group: Command, session: Session): void {
  const command = group
    .command('update')
    .description('bring a project to a newer version of its template')
    .argument('[folder]', 'the project’s; this one when left out')
    .option('--release <version>', 'of the template; the newest when left out')
    .option(
      '--input <name=value>',
      'what changes, or is asked for the first time; may be repeated',
      (value, before: string[]) => [...before, value],
      [],
    )
    .option('--dry-run', 'show what would change', false);
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((folder: string | undefined, options: UpdateOptions) =>
      session.run(command, (work) => update(session, work, { folder, ...options })),
    );
}

async function update(
  session: Session,
  work: Work,
  { folder: dir, release: version, input, dryRun }: UpdateOptions & { folder: string | undefined },
): Promise<void> {
  const { lab, output, host } = work;
  const { folder, card, files } = await localProject(host.cwd, dir);
  const { projectId, name } = card;
  const { project } = await lab.use(architect, 'get_project', { projectId });
  const uploadId = project.folder === null ? await sent(work, files, name) : undefined;
  const inputs = await changedInputs(work, project.template, input);
  const done = await lab.use(architect, 'update_project', { projectId, version, inputs, uploadId, dryRun });
  // Where nothing came, the lab's archive is older than what is here; a folder of the lab's it has changed itself.
  if (done.updated && uploadId !== undefined && done.project.archive !== null)
    await placeFiles(
      placementOf({ folder, mine: files, theirs: await fetched(work, done.project.archive), changes: done.files }),
    );
  output.answer({ ...done, folder }, () => {
    if (done.files.length > 0) showChanges(output, done.files, dryRun);
    output.note(
      done.updated
        ? `${name} has version ${done.project.version} now.`
        : dryRun
          ? 'Nothing was changed.'
          : `${name} has the newest version, ${done.project.version}.`,
    );
  });
  if (done.conflicts > 0) {
    output.warn(`${done.conflicts} conflicts are marked in the files: look for lines of seven <.`);
    session.exitCode = 6;
  }
}

async function changedInputs({ lab, host }: Work, template: string, given: readonly string[]) {
  if (given.length === 0) return undefined;
  const { templates } = await lab.use(architect, 'list_available_templates', {});
  const schema = templates.find((one) => one.name === template)?.inputs ?? {};
  // Only what is given: all else is kept.
  return inputsOf({ schema: { ...schema, required: [] }, given, host });
}

interface Merged {
  readonly folder: string;
  readonly mine: readonly ProjectFile[];
  readonly theirs: readonly ProjectFile[];
  readonly changes: readonly FileChange[];
}

/** What has to be done in the folder so that it is what came. */
function placementOf({ folder, mine, theirs, changes }: Merged) {
  const before = new Map(mine.map((file) => [file.path, file]));
  const put = theirs.flatMap((file): FilePut[] => {
    const there = before.get(file.path);
    if (there === undefined) return [file];
    return sameFile(there, file) ? [] : [{ ...file, replaces: sha256Of(there.bytes) }];
  });
  const removed = new Set(changes.filter(({ change }) => change === 'removed').map(({ path }) => path));
  const remove = mine
    .filter(({ path }) => removed.has(path))
    .map(({ path, bytes }) => ({ path, sha256: sha256Of(bytes) }));
  return { target: folder, put, remove };
}
