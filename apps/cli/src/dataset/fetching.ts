// `labmesh dataset fetch`: rows to look at, or the stored bytes into a file, checked against their hash.
import { basename, resolve } from 'node:path';
import { curator } from '@labmesh/contracts';
import type { Command } from 'commander';
import { bytesText } from '../output/units.js';
import { written } from '../output/written.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { type Source, writeChecked } from './file-writer.js';
import { wholeNumber } from './numbers.js';
import { showRows } from './row-output.js';

const HELP = `
Without --output rows are shown: a table for people, all of their values with --json. With it the dataset is written as it
is stored, however large. The file is put in its place when its SHA-256 is right, and not before; what came before the line
broke stays beside it, and the same command goes on from there.

Examples:
  npx @labmesh/cli dataset fetch ds_… --limit 5
  npx @labmesh/cli dataset fetch ds_… --from 1000 --limit 100 --json | jq -c ".rows[]"
  npx @labmesh/cli dataset fetch ds_… -o flares.json
  npx @labmesh/cli dataset fetch ds_… -o - | duckdb -c "SELECT count(*) FROM read_json('/dev/stdin')"`;

interface FetchOptions {
  readonly output?: string;
  readonly from: number;
  readonly limit: number;
  /** Of the dataset. Not called version: that asks the program for its own. */
  readonly number?: number;
}

export function addFetch(group: Command, session: Session): void {
  const command = group
    .command('fetch')
    .description('the rows of a dataset, or its bytes into a file')
    .argument('<dataset>', 'its id')
    .option('-o, --output <file>', 'write its bytes there; - is standard output')
    .option('--from <row>', 'first row to show, counted from 0', wholeNumber, 0)
    .option('--limit <count>', 'most rows to show', wholeNumber, 20)
    .option('--number <version>', 'an earlier version, counted from 1', wholeNumber);
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((datasetId: string, options: FetchOptions) =>
      session.run(command, (work) =>
        options.output === undefined
          ? showPage(work, datasetId, options)
          : save(work, { datasetId, version: options.number }, options.output),
      ),
    );
}

async function showPage(
  { lab, output }: Work,
  datasetId: string,
  { from, limit, number }: FetchOptions,
): Promise<void> {
  const page = await lab.use(curator, 'fetch_dataset', { datasetId, version: number, offset: from, limit });
  const rows = page.rows ?? [];
  output.answer(page, () => showRows(output, rows));
  const { name, rows: all } = page.dataset;
  const last = from + rows.length;
  if (rows.length > 0) output.note(`Rows ${from + 1} to ${last} of ${all} of “${name}”.`);
  if (page.nextOffset !== undefined) output.note(`The next: --from ${page.nextOffset}`);
}

/** The dataset's bytes into a file, or to standard output. */
export async function save(
  work: Work,
  which: { datasetId: string; version?: number | undefined },
  to: string,
): Promise<void> {
  const { lab, output, host } = work;
  const { dataset, content, link } = await lab.use(curator, 'fetch_dataset', { ...which, as: 'content' });
  const inline = Buffer.from(content?.data ?? '', content?.encoding ?? 'utf8');
  const source: Source =
    link === undefined ? (from) => oneOf(inline.subarray(from)) : (from) => lab.blob(link.blobId, from);
  if (to === '-') {
    for await (const chunk of await source(0)) await written(host.stdout, chunk);
    return;
  }
  const path = resolve(host.cwd, to);
  const bar = await output.transfer(dataset.bytes, basename(path));
  try {
    await writeChecked(source, { path, sha256: dataset.sha256, bytes: dataset.bytes }, bar.at);
  } finally {
    bar.end();
  }
  output.answer({ dataset, file: path }, () => output.line(path));
  output.note(`${bytesText(dataset.bytes)} of ${dataset.format}, its SHA-256 is right.`);
}

export async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
