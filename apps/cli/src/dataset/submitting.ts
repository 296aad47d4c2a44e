// `labmesh dataset submit` and `update`: a file becomes a dataset of yours, or the next version of one.

import { basename } from 'node:path';
import { AppError, curator, DATA_FORMATS, type DataFormat } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { isWebAddress } from '../arguments/web-address.js';
import { bytesText } from '../output/units.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { formatFor } from './file-format.js';
import { jsonObjectIn, localFile } from './local-file.js';
import { wholeNumber } from './numbers.js';
import { sent } from './sending.js';

const HELP = `
The format is told by the file's name, else by how it begins. What does not fit --schema is refused with rows and reasons. A
large file goes up in pieces: when the line breaks, the same command goes on. An address is fetched by the lab itself, from the
hosts that its operator allows.`;

const SUBMIT_HELP = `${HELP}

Examples:
  npx @labmesh/cli dataset submit pumps.csv --license CC-BY-4.0 --source "Pump house, sensor 4" --topics pumps,pressure
  npx @labmesh/cli dataset submit run-7.parquet --name "Run 7" --schema run.schema.json
  npx @labmesh/cli dataset submit https://example.org/stations.csv --license CC0-1.0
  ID=$(npx @labmesh/cli dataset submit pumps.csv --json | jq -r .dataset.datasetId)`;

const UPDATE_HELP = `${HELP}
Earlier versions stay. The same data again makes no version. With --expect it is refused when somebody was faster.

Examples:
  npx @labmesh/cli dataset update ds_… pumps.csv --note "Sensor 4 was calibrated"
  npx @labmesh/cli dataset update ds_… pumps.csv --expect 3`;

interface SaidOptions {
  readonly name?: string;
  readonly description?: string;
  readonly format?: DataFormat;
  readonly license?: string;
  readonly source?: string;
  readonly schema?: string;
  readonly topics?: readonly string[];
}

interface UpdateOptions extends SaidOptions {
  readonly note?: string;
  readonly expect?: number;
}

type Stored = z.output<typeof curator.tools.submit_dataset.output>;

export function addSubmit(group: Command, session: Session): void {
  const command = group
    .command('submit')
    .description('make a dataset of a file')
    .argument('<file>', 'a file of data, or an address that the lab fetches')
    .option('--name <text>', 'its name; the file’s when left out');
  addConnectionOptions(saidOptions(command))
    .addHelpText('after', SUBMIT_HELP)
    .action((file: string, options: SaidOptions) =>
      session.run(command, async (work) => {
        const { data, said } = await prepared(work, file, options);
        const input = { ...data, ...said, name: options.name ?? nameOf(file) };
        show(work, await work.lab.use(curator, 'submit_dataset', input));
      }),
    );
}

export function addUpdate(group: Command, session: Session): void {
  const command = group
    .command('update')
    .description('make a file the next version of a dataset of yours')
    .argument('<dataset>', 'its id')
    .argument('<file>', 'a file of data, or an address that the lab fetches')
    .option('--name <text>', 'a new name')
    .option('--note <text>', 'what has changed')
    .option('--expect <version>', 'the last version that you know of', wholeNumber);
  addConnectionOptions(saidOptions(command))
    .addHelpText('after', UPDATE_HELP)
    .action((datasetId: string, file: string, { note, expect, ...options }: UpdateOptions) =>
      session.run(command, async (work) => {
        const { data, said } = await prepared(work, file, options);
        const input = { ...data, ...said, datasetId, name: options.name, note, expectedVersion: expect };
        show(work, await work.lab.use(curator, 'update_dataset', input));
      }),
    );
}

const saidOptions = (command: Command): Command =>
  command
    .option('--description <text>', 'what it holds')
    .addOption(new Option('--format <format>', 'where the file does not tell').choices(DATA_FORMATS))
    .option('--license <id>', 'SPDX id where there is one, such as CC0-1.0')
    .option('--source <text>', 'where the data came from')
    .option('--topics <list>', 'with commas between, such as solar-flares,x-ray', listOf)
    .option('--schema <file>', 'JSON Schema (2020-12) of one row, which every row must fit');

const listOf = (text: string): string[] => text.split(/[\s,]+/).filter((topic) => topic !== '');

/** The file on its way, and what is said of it. */
async function prepared(work: Work, name: string, options: SaidOptions) {
  const { cwd } = work.host;
  const { format, data } = await (isWebAddress(name)
    ? pointedAt(name, options.format)
    : brought(work, name, options.format));
  const schema = options.schema === undefined ? undefined : await jsonObjectIn(options.schema, cwd);
  const { description, license, source, topics } = options;
  const said = {
    format,
    schema,
    license,
    source,
    ...(description === undefined ? {} : { description }),
    ...(topics === undefined ? {} : { topics: [...topics] }),
  };
  return { said, data: await data() };
}

/** What is wrong with what is said of a file is told before it is sent. */
interface Bringing {
  readonly format: DataFormat;
  readonly data: () => Promise<Awaited<ReturnType<typeof sent>> | { readonly url: string }>;
}

async function brought(work: Work, name: string, given: DataFormat | undefined): Promise<Bringing> {
  const file = await localFile(name, work.host.cwd);
  const format = given ?? formatFor(name, file.head);
  return { format, data: () => sent(work, file, { name: basename(name), format }) };
}

/** @throws AppError invalid_input for an address that is none, or does not tell its format */
async function pointedAt(url: string, given: DataFormat | undefined): Promise<Bringing> {
  if (!URL.canParse(url)) throw new AppError('invalid_input', `Cannot fetch ${url}: it is no address.`);
  const format = given ?? formatFor(new URL(url).pathname, new Uint8Array());
  return { format, data: async () => ({ url }) };
}

function show({ output }: Work, stored: Stored): void {
  const { dataset, alreadyStored } = stored;
  output.answer(stored, () => output.line(dataset.datasetId));
  const what = `“${dataset.name}”, version ${dataset.version}: ${dataset.rows} rows, ${bytesText(dataset.bytes)}.`;
  output.note(alreadyStored ? `It was there before, nothing was stored. ${what}` : what);
}

/** `data/field-notes.csv` -> `field-notes`. */
const nameOf = (file: string): string =>
  basename(isWebAddress(file) ? new URL(file).pathname : file)
    .replace(/\.[a-z0-9]+$/i, '')
    .slice(0, 120) || 'data';
