// `labmesh wallet statement`: the entries of an account, oldest first, as CSV or JSON to keep; into a file whole or not at all.
import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { chancellor } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { oneOf } from '../dataset/fetching.js';
import { type Source, writeChecked } from '../dataset/file-writer.js';
import { written } from '../output/written.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { type Filters, filterOptions, filtersOf } from './history.js';

const HELP = `
Without --output it is written to standard output. A file is put in its place when all of it is there, and not before.

Examples:
  npx @labmesh/cli wallet statement -o november.csv --from 2026-11-01 --to 2026-12-01
  npx @labmesh/cli wallet statement --format json | jq -r ".[].change"
  npx @labmesh/cli wallet statement wal_… --kind reward -o rewards.json`;

interface StatementOptions extends Filters {
  readonly output?: string;
  readonly format?: 'csv' | 'json';
}

/** All of it: where its bytes come from, and what they are. */
interface Whole {
  readonly entries: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly source: Source;
}

export function addStatement(group: Command, session: Session): void {
  const command = group
    .command('statement')
    .description('entries of a wallet, oldest first, as CSV or JSON to keep')
    .argument('[walletId]', 'your own when left out')
    .option('-o, --output <file>', 'write it there')
    .addOption(new Option('--format <format>', 'what the file’s name says, else csv').choices(['csv', 'json']));
  addConnectionOptions(filterOptions(command))
    .addHelpText('after', HELP)
    .action((walletId: string | undefined, options: StatementOptions) =>
      session.run(command, (work) => statement(work, walletId, options)),
    );
}

async function statement(work: Work, walletId: string | undefined, options: StatementOptions): Promise<void> {
  const { output, host } = work;
  const named = options.output?.toLowerCase().endsWith('.json') === true;
  const format = options.format ?? (named || (output.json && options.output === undefined) ? 'json' : 'csv');
  const { entries, source, ...told } = await whole(work, { walletId, ...filtersOf(options), format });
  if (options.output === undefined || options.output === '-') {
    for await (const chunk of await source(0)) await written(host.stdout, chunk);
    return;
  }
  const file = resolve(host.cwd, options.output);
  const bar = await output.transfer(told.bytes, basename(file));
  try {
    await writeChecked(source, { path: file, ...told }, bar.at);
  } finally {
    bar.end();
  }
  output.answer({ file, format, entries }, () => output.line(file));
  output.note(`${entries} entries.`);
}

type Input = ReturnType<typeof filtersOf> & { walletId: string | undefined; format: 'csv' | 'json' };

/** In the answer where it fits there, else as a file of the lab's that is fetched. */
async function whole({ lab }: Work, input: Input): Promise<Whole> {
  const page = await lab.use(chancellor, 'export_statement', input);
  const fits = page.content !== undefined && page.nextAfter === undefined;
  const {
    entries,
    content = '',
    link,
    sha256 = '',
  } = fits || page.link !== undefined ? page : await lab.use(chancellor, 'export_statement', { ...input, as: 'link' });
  if (link !== undefined) return { entries, bytes: link.bytes, sha256, source: (from) => lab.blob(link.blobId, from) };
  const bytes = Buffer.from(content);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { entries, bytes: bytes.length, sha256: hash, source: (from) => oneOf(bytes.subarray(from)) };
}
