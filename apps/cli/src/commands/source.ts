// `labmesh source`: what the lab can fetch from, new sources by their manifests, their keys, and fetching.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError, curator } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { JsonSchema } from '../arguments/schema.js';
import { allOf } from '../arguments/standard-input.js';
import { typedArguments } from '../arguments/typed-arguments.js';
import { showChanges } from '../dataset/looking.js';
import { confirmed } from '../output/confirmed.js';
import { printable } from '../output/failure-text.js';
import type { Output } from '../output/output.js';
import { countText } from '../output/units.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';

export function addSource(program: Command, session: Session): void {
  const group = program
    .command('source')
    .description('sources outside that the lab fetches from')
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli source list\n  npx @labmesh/cli source fetch weather hourly',
    );
  addList(group, session);
  addShow(group, session);
  addAdd(group, session);
  addTest(group, session);
  addFetch(group, session);
  addKey(group, session);
  addRemove(group, session);
}

function addList(group: Command, session: Session): void {
  const command = group
    .command('list')
    .description('which sources there are, and how fresh')
    .option('--topic <topic>', 'only those about this, such as space-weather');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli source list\n  npx @labmesh/cli source list --topic earth --json',
    )
    .action(({ topic }: { topic?: string }) =>
      session.run(command, async ({ lab, output }) => {
        const { sources } = await lab.use(curator, 'list_sources', { topic });
        if (sources.length === 0) output.note('No source is about that. npx @labmesh/cli source list has all.');
        output.answer({ sources }, () =>
          output.table(
            ['SOURCE', 'WHAT IT IS', 'STATUS', 'KEY', 'STREAMS'],
            sources.map(({ name, title, status, key, streams }) => [
              { text: name, style: 'bold' },
              title,
              status,
              key,
              streams.join(' '),
            ]),
          ),
        );
      }),
    );
}

function addShow(group: Command, session: Session): void {
  const command = group
    .command('show')
    .description('a source’s streams, pictures, datasets, and its manifest')
    .argument('<source>', 'as source list has it')
    .option('--manifest', 'the manifest alone, as it was written');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli source show nasa-donki\n  npx @labmesh/cli source show nasa-donki --manifest > mine.yaml',
    )
    .action((source: string, { manifest }: { manifest?: boolean }) =>
      session.run(command, async ({ lab, output }) => {
        const found = await lab.use(curator, 'get_source', { source });
        output.answer(found, () => {
          if (manifest === true) return output.line(printable(found.manifest).trimEnd());
          output.line(`${output.style('bold', found.title)}  ${found.homepage}  ${found.licence}`);
          output.line(printable(found.description));
          output.line();
          output.table(
            ['STREAM', 'WHAT IT IS', 'RANGE', 'OTHER COLUMNS', 'PARAMETERS'],
            found.streams.map(({ name, title, range, drift, parameters }) => [
              { text: name, style: 'bold' },
              title,
              range ?? '',
              drift,
              Object.keys(parameters).join(' '),
            ]),
          );
          if (found.datasets.length === 0) return;
          output.line();
          output.table(
            ['DATASET', 'STATUS', 'FETCHED', 'NEXT', 'WHY'],
            found.datasets.map(({ datasetId, status, fetchedAt, refreshAt, message }) => [
              datasetId,
              status,
              fetchedAt ?? '',
              refreshAt ?? '',
              message ?? '',
            ]),
          );
        });
      }),
    );
}

function addAdd(group: Command, session: Session): void {
  const command = group
    .command('add')
    .description('take in a source by its manifest')
    .argument('<file>', 'the manifest (YAML); docs/sources.md says how to write one');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  npx @labmesh/cli source add weather.yaml && npx @labmesh/cli source test weather',
    )
    .action((file: string) =>
      session.run(command, async ({ lab, output, host }) => {
        const manifest = await textOf(resolve(host.cwd, file));
        const { source } = await lab.use(curator, 'add_source', { manifest });
        output.answer({ source }, () => output.line(`Added ${source.name}: ${source.streams.join(', ')}`));
        if (source.key === 'missing') output.note(`It wants a key: npx @labmesh/cli source key ${source.name}`);
        output.note(`Try it: npx @labmesh/cli source test ${source.name}`);
      }),
    );
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError('invalid_input', `Cannot read ${file}: it is not there, or may not be read.`, { cause });
  }
}

interface Asked {
  readonly param?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly force?: boolean;
}

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

const addAsked = (command: Command): Command =>
  command
    .option('--param <name=value>', 'a parameter of the stream; JSON for numbers, lists and objects', collect)
    .option('--from <place>', 'where it begins: a date, a time or a number, as the stream has it')
    .option('--to <place>', 'where it ends');

/** Parameters, typed as the stream says they are. */
async function parametersOf(
  { lab, host }: Work,
  of: { source: string; stream: string | undefined },
  given: readonly string[] = [],
): Promise<Record<string, unknown>> {
  if (given.length === 0) return {};
  const { streams } = await lab.use(curator, 'get_source', { source: of.source });
  const stream = of.stream === undefined ? streams[0] : streams.find(({ name }) => name === of.stream);
  const schema = { type: 'object', properties: stream?.parameters ?? {} } as JsonSchema;
  return typedArguments(given, { schema, cwd: host.cwd });
}

function addTest(group: Command, session: Session): void {
  const command = addAsked(
    group
      .command('test')
      .description('ask a source one page, and show what comes')
      .argument('<source>', 'as source list has it')
      .argument('[stream]', 'the first one when left out'),
  );
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli source test nasa-donki flr --from 2017-09-01 --to 2017-09-30')
    .action((source: string, stream: string | undefined, { param, from, to }: Asked) =>
      session.run(command, async (work) => {
        const { lab, output } = work;
        const parameters = await parametersOf(work, { source, stream }, param);
        const tested = await lab.use(curator, 'test_source', { source, stream, parameters, from, to });
        output.answer(tested, () => {
          output.line(
            `${tested.rows} rows in ${tested.tookMs} ms${tested.more ? ', and more pages' : ''}: ${tested.request}`,
          );
          if (tested.example !== null) output.line(printable(JSON.stringify(tested.example, null, 2)));
        });
      }),
    );
}

function addFetch(group: Command, session: Session): void {
  const command = addAsked(
    group
      .command('fetch')
      .description('fetch a stream of a source into a dataset; after Ctrl-C the same command goes on')
      .argument('<source>', 'as source list has it')
      .argument('<stream>', 'as source show has it')
      .addOption(new Option('--force', 'also when what is there is fresh')),
  );
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli source fetch nasa-donki flr --from 2017-09-01 --to 2017-12-31\n  npx @labmesh/cli source fetch nasa-neows lookup --param id=3542519',
    )
    .action((source: string, stream: string, options: Asked) =>
      session.run(command, (work) => fetch(work, { source, stream }, options)),
    );
}

async function fetch(work: Work, of: { source: string; stream: string }, options: Asked): Promise<void> {
  const { lab, output } = work;
  const { param, from, to, force } = options;
  const parameters = await parametersOf(work, of, param);
  const given = {
    ...of,
    parameters,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    force: force === true,
  };
  const answer = curator.tools.fetch_source.output.parse(
    await lab.call('curator_fetch_source', given, (progress) => output.progress(progress)),
  );
  output.answer(answer, () => {
    const what = answer.cached
      ? 'It is fresh: nothing was asked for'
      : `${countText(answer.rows, 'row')} on ${countText(answer.pages, 'page')}, ${answer.changed} of them new or changed`;
    output.line(
      `${output.style('bold', answer.dataset.datasetId)}  ${countText(answer.dataset.rows, 'row')}. ${what}.`,
    );
    if (answer.drift !== null) showDrift(output, answer.drift);
  });
}

type Drift = NonNullable<z.output<typeof curator.tools.fetch_source.output>['drift']>;

function showDrift(output: Output, { changes, discarded }: Drift): void {
  output.line();
  if (changes.length > 0) showChanges(output, changes);
  const { columns, rows } = discarded;
  if (columns.length > 0 || rows > 0)
    output.note(
      `Left out: ${[...columns.map((column) => `the column ${column}`), ...(rows > 0 ? [countText(rows, 'row')] : [])].join(', ')}.`,
    );
}

function addKey(group: Command, session: Session): void {
  const command = group
    .command('key')
    .description('set the key that a source is asked with, read from standard input')
    .argument('<source>', 'as source list has it')
    .option('--remove', 'take it away');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nThe key is kept sealed and shown nowhere again.\n\nExample:\n  npx @labmesh/cli source key nasa-donki < key.txt',
    )
    .action((source: string, { remove }: { remove?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        const key = remove === true ? undefined : await firstLine(host.stdin);
        const set = await lab.use(curator, 'set_source_key', { source, key });
        output.answer(set, () => output.line(set.set ? `Set the key ${set.key}` : `Removed the key ${set.key}`));
      }),
    );
}

async function firstLine(stdin: AsyncIterable<string | Uint8Array>): Promise<string> {
  const [line = ''] = (await allOf(stdin)).toString('utf8').trim().split('\n');
  if (line === '') throw new AppError('invalid_input', 'Cannot set an empty key: give it on standard input');
  return line;
}

function addRemove(group: Command, session: Session): void {
  const command = group
    .command('remove')
    .description('fetch from a source no more; its datasets stay')
    .argument('<source>', 'as source list has it')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nHow far its streams are is forgotten: added again, it is fetched from its beginning.\n\nExample:\n  npx @labmesh/cli source remove weather --yes',
    )
    .action((source: string, { yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, {
          ask: `Fetch from ${source} no more, and forget how far its streams are?`,
          yes,
          always: true,
        });
        const done = await lab.use(curator, 'remove_source', { source });
        output.answer(done, () => output.line(`Removed ${done.removed}`));
      }),
    );
}
