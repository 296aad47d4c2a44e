// `labmesh knowledge`: collections of documents that the Librarian answers from.

import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError, DOCUMENT_KINDS, librarian, SOURCE_LIMITS, type ToolOutput } from '@labmesh/contracts';
import { sha256Of } from '@labmesh/projects';
import { type Command, Option } from 'commander';
import { uploaded } from '../lab/local-upload.js';
import { confirmed } from '../output/confirmed.js';
import { printable } from '../output/failure-text.js';
import { countText } from '../output/units.js';
import { ownProject } from '../project/own-project.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';

export function addKnowledge(program: Command, session: Session): void {
  const group = program
    .command('knowledge')
    .description('documents that the lab answers from')
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli knowledge add pump-manuals manual.pdf\n  npx @labmesh/cli knowledge list',
    );
  addAdd(group, session);
  addList(group, session);
  addRemove(group, session);
}

type Ingested = ToolOutput<typeof librarian.tools.ingest_source>;

interface AddOptions {
  readonly folder?: string;
  readonly git?: string;
  readonly ref?: string;
  readonly kind?: (typeof DOCUMENT_KINDS)[number];
  readonly share?: true;
  readonly project?: string;
}

const ADD_HELP = `
A file of this name that is there already is replaced. Folders are the lab's own, of those that the operator
allows; they are watched, and so are branches and tags of repositories.

Examples:
  npx @labmesh/cli knowledge add pump-manuals manual.pdf notes.md
  npx @labmesh/cli knowledge add flare-papers review.pdf --project flare-study
  npx @labmesh/cli knowledge add handbook --git https://github.com/lab/handbook.git --ref main --share`;

function addAdd(group: Command, session: Session): void {
  const command = group
    .command('add')
    .description('take files, a folder or a repository into a collection of yours')
    .argument('<collection>', 'its name; it is made when there is none')
    .argument('[files...]', 'Markdown, HTML, PDF, notebooks, code, OpenAPI, logs or text')
    .option('--folder <path>', 'a folder at the lab instead')
    .option('--git <address>', 'a repository instead')
    .option('--ref <name>', 'of it: a commit, branch or tag')
    .addOption(new Option('--kind <kind>', 'how to read them, where names do not say').choices([...DOCUMENT_KINDS]))
    .option('--project <project>', 'the collection belongs to this project of yours, by its name or id')
    .option('--share', 'everybody in the lab may read the collection');
  addConnectionOptions(command)
    .addHelpText('after', ADD_HELP)
    .action((collection: string, files: string[], options: AddOptions) =>
      session.run(command, async (work) => {
        const given = placesOf(files, options);
        const project = await ownProject(work, options.project);
        const done: Ingested[] = [];
        for (const place of given) {
          const from = typeof place === 'string' ? await brought(work, place) : place;
          const readers = options.share === true ? ('lab' as const) : undefined;
          done.push(
            await work.lab.use(librarian, 'ingest_source', {
              collection,
              ...from,
              kind: options.kind,
              readers,
              project,
            }),
          );
        }
        const { output } = work;
        output.answer(given.length === 1 ? done[0] : { sources: done }, () => {
          for (const { added, changed, unchanged, removed } of done)
            output.line(`${added} added, ${changed} changed, ${unchanged} unchanged, ${removed} removed`);
          for (const { path, reason } of done.flatMap(({ skipped }) => skipped))
            output.note(printable(`Left out ${path}: ${reason}`));
        });
      }),
    );
}

/** Names of files, or the one place elsewhere. */
function placesOf(files: readonly string[], { folder, git, ref }: AddOptions) {
  const elsewhere = [
    ...(folder === undefined ? [] : [{ folder }]),
    ...(git === undefined ? [] : [{ git: { url: git, ref: ref ?? '' } }]),
  ];
  if ((files.length > 0 ? 1 : 0) + elsewhere.length !== 1)
    throw new AppError('invalid_input', 'Say what to take: files, or --folder, or --git with --ref, and one of these.');
  if (git !== undefined && ref === undefined)
    throw new AppError('invalid_input', 'Say which commit, branch or tag of the repository: --ref main.');
  return files.length > 0 ? files : elsewhere;
}

/** A file's bytes: inside of the call while they are few and text, by an upload when they are many. */
async function brought(work: Work, file: string) {
  const path = resolve(work.host.cwd, file);
  const name = basename(path);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError('not_found', `Cannot read ${file}: there is no such file here.`, { cause });
  });
  if (bytes.byteLength > SOURCE_LIMITS.fileBytes)
    throw new AppError(
      'too_large',
      `Cannot take ${file}: it has more than ${SOURCE_LIMITS.fileBytes} bytes. Split it.`,
    );
  const content = textOf(bytes);
  if (content !== undefined) return { text: { name, content } };
  const { uploadId } = await uploaded(work, { path, bytes: bytes.byteLength, name, sha256: sha256Of(bytes) });
  return { uploadId };
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.byteLength > SOURCE_LIMITS.inlineCharacters || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined; // not UTF-8: the lab says what is wrong with it
  }
}

function addList(group: Command, session: Session): void {
  const command = group
    .command('list')
    .alias('ls')
    .description('collections that you may read, and where yours come from')
    .option('--sources', 'with the sources of yours')
    .option('--project <project>', 'only those that belong to this project of yours, by its name or id');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli knowledge list\n  npx @labmesh/cli knowledge list --sources --json',
    )
    .action(({ sources, project }: { sources?: true; project?: string }) =>
      session.run(command, async ({ lab, output, host }) => {
        const answer = await lab.use(librarian, 'list_collections', {
          project: await ownProject({ lab, host }, project),
        });
        output.answer(answer, () => {
          output.table(
            ['COLLECTION', 'NAME', 'READERS', 'DOCUMENTS', 'UPDATED'],
            answer.collections.map(({ collectionId, name, readers, documents, updatedAt }) => [
              { text: collectionId, style: 'bold' },
              name,
              readers,
              String(documents),
              updatedAt ?? '',
            ]),
          );
          const mine = answer.collections.flatMap((each) =>
            each.sources.map((source) => ({ ...source, of: each.name })),
          );
          if (sources === true)
            output.table(
              ['SOURCE', 'COLLECTION', 'FROM', 'DOCUMENTS', 'PROBLEM'],
              mine.map(({ sourceId, of, place, documents, problem }) => [
                { text: sourceId, style: 'bold' },
                of,
                printable(place),
                String(documents),
                printable(problem ?? ''),
              ]),
            );
        });
      }),
    );
}

function addRemove(group: Command, session: Session): void {
  const command = group
    .command('remove')
    .alias('rm')
    .description('remove a collection of yours, or what one of its sources brought')
    .argument('<collection>', 'its id, as knowledge list has it')
    .option('--source <id>', 'only what this brought')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli knowledge remove col_0199…')
    .action((collectionId: string, { source: sourceId, yes }: { source?: string; yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: `Remove ${sourceId ?? collectionId} with its documents?`, yes, always: true });
        const done = await lab.use(librarian, 'remove_source', { collectionId, sourceId });
        output.answer(done, () => output.line(`Removed ${countText(done.removed, 'document')}`));
      }),
    );
}
