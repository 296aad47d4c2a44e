// `labmesh models`: sentence encoders by which the Librarian finds what means the same.

import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError, librarian, type ToolOutput } from '@labmesh/contracts';
import type { Command } from 'commander';
import { isWebAddress } from '../arguments/web-address.js';
import { confirmed } from '../output/confirmed.js';
import type { Output } from '../output/output.js';
import { bytesText } from '../output/units.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';

type Model = ToolOutput<typeof librarian.tools.list_encoders>['models'][number];

export function addModels(program: Command, session: Session): void {
  const group = program
    .command('models')
    .description('search models: the lab finds what means the same, not only the same words')
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli models add ./all-MiniLM-L6-v2 --license Apache-2.0\n  npx @labmesh/cli models use all-minilm-l6-v2\n  npx @labmesh/cli models ls',
    );
  addAdd(group, session);
  addList(group, session);
  addUse(group, session);
  addRemove(group, session);
}

const ADD_HELP = `
What works: BERT sentence encoders such as all-MiniLM-L6-v2, with config.json, model.safetensors and vocab.txt in one folder. The lab
makes a graph of it and checks it; no answer changes until it is used.

Examples:
  npx @labmesh/cli models add ./all-MiniLM-L6-v2 --license Apache-2.0
  npx @labmesh/cli models add encoder-1.0-py3-none-any.whl --name minilm
  npx @labmesh/cli models add https://example.org/encoder.tar.gz`;

function addAdd(group: Command, session: Session): void {
  const command = group
    .command('add')
    .description('take in a sentence encoder')
    .argument('<place>', 'a folder, a zip, wheel, tar or tar.gz, or an address of one')
    .option('--name <name>', 'what the lab calls it; as the folder or file when left out')
    .option('--license <licence>', 'its licence, as its makers give it');
  addConnectionOptions(command)
    .addHelpText('after', ADD_HELP)
    .action((place: string, options: { name?: string; license?: string }) =>
      session.run(command, async (work) => {
        const folder = await mkdtemp(join(tmpdir(), 'labmesh-model-'));
        try {
          const { uploadId, name } = await brought(work, place, folder);
          const given = { uploadId, name: options.name ?? name, licence: options.license };
          const { model, alreadyThere } = librarian.tools.add_encoder.output.parse(
            await work.lab.call('librarian_add_encoder', given, (progress) => work.output.progress(progress)),
          );
          work.output.answer({ model, alreadyThere }, () => {
            work.output.line(
              `${alreadyThere ? 'It is there already: ' : 'Added '}${work.output.style('bold', model.name)}, ${model.dimensions} dimensions, ${bytesText(model.bytes)}, ${model.int8Cosine.toFixed(4)} as at full precision`,
            );
          });
          if (model.state === 'kept') work.output.note(`Use it: npx @labmesh/cli models use ${model.name}`);
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }),
    );
}

/** As an upload of one archive, wherever it was. Nothing of this is loaded for other commands. */
async function brought(work: Work, place: string, folder: string): Promise<{ uploadId: string; name: string }> {
  const { output, host } = work;
  const [{ modelFiles, nameOf }, { downloadModel }, { packModel }, { uploaded }] = await Promise.all([
    import('../models/model-source.js'),
    import('../models/download-model.js'),
    import('@labmesh/encoder'),
    import('../lab/local-upload.js'),
  ]);
  const tell = (bytes: number, of: number | undefined): void =>
    output.progress({ progress: bytes, ...(of === undefined ? {} : { total: of }), message: 'Fetching the model' });
  const path = isWebAddress(place)
    ? await downloadModel(place, { folder, signal: host.signal, tell })
    : resolve(host.cwd, place);
  const packed = join(folder, 'packed.tar');
  await packModel(await modelFiles(path), packed);
  const { size } = await stat(packed);
  const name = nameOf(path);
  const { uploadId } = await uploaded(work, { path: packed, bytes: size, name: `${name}.tar`, title: name });
  return { uploadId, name };
}

function showModels(output: Output, models: readonly Model[], documents?: number): void {
  output.table(
    ['MODEL', 'STATE', 'DIMENSIONS', 'SIZE', 'DOCUMENTS', 'LICENCE'],
    models.map((model) => [
      { text: model.name, style: 'bold' },
      model.state,
      String(model.dimensions),
      bytesText(model.bytes),
      documents === undefined ? String(model.documents) : `${model.documents} of ${documents}`,
      model.licence ?? '',
    ]),
  );
}

function addList(group: Command, session: Session): void {
  const command = group.command('list').alias('ls').description('which there are, which one ranks, and how far it is');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli models list --json')
    .action(() =>
      session.run(command, async ({ lab, output }) => {
        const answer = await lab.use(librarian, 'list_encoders', {});
        output.answer(answer, () => {
          showModels(output, answer.models, answer.documents);
          if (answer.models.length === 0)
            output.note('There is none: words alone rank. npx @labmesh/cli models add --help');
          if (answer.withoutModel > 0)
            output.note(`${answer.withoutModel} of ${answer.questions} questions were answered without it.`);
          if (answer.problem !== null) output.note(answer.problem);
        });
      }),
    );
}

function addUse(group: Command, session: Session): void {
  const command = group
    .command('use')
    .description('rank by meaning beside words from now on; or by words alone')
    .argument('[name]', 'as models ls has it')
    .option('--none', 'no model: words alone');
  addConnectionOptions(command)
    .addHelpText('after', '\nExamples:\n  npx @labmesh/cli models use minilm\n  npx @labmesh/cli models use --none')
    .action((name: string | undefined, { none }: { none?: true }) =>
      session.run(command, async ({ lab, output }) => {
        if ((name === undefined) !== (none === true))
          throw new AppError('invalid_input', 'Say which model, or --none, and one of these.');
        const answer = await lab.use(librarian, 'use_encoder', { name });
        output.answer(answer, () => showModels(output, answer.models));
        if (name !== undefined)
          output.note('Vectors are made in the background: npx @labmesh/cli models ls says how far.');
      }),
    );
}

function addRemove(group: Command, session: Session): void {
  const command = group
    .command('remove')
    .alias('rm')
    .description('remove a model that is not in use, with its vectors')
    .argument('<name>', 'as models ls has it')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli models remove minilm')
    .action((name: string, { yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: `Remove ${name} with its vectors?`, yes, always: true });
        const done = await lab.use(librarian, 'remove_encoder', { name });
        output.answer(done, () => output.line(`Removed ${done.removed}`));
      }),
    );
}
