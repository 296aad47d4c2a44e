// `labmesh wallet statement`: the entries of an account, oldest first, as CSV or JSON to keep; into a file whole or not at all.
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError, chancellor } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { type Filters, filterOptions, filtersOf } from './history.js';
import { joinedStatement } from './statement-text.js';

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

type Write = (text: string) => Promise<unknown> | unknown;

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
  const input = { walletId, ...filtersOf(options), format };
  if (options.output === undefined || options.output === '-') {
    await writeAll(work, input, (text) => host.stdout.write(text));
    return;
  }
  const file = resolve(host.cwd, options.output);
  const entries = await whole(file, (write) => writeAll(work, input, write));
  output.answer({ file, format, entries }, () => output.line(file));
  output.note(`${entries} entries.`);
}

/** @returns how many entries */
async function writeAll(
  { lab, output }: Work,
  input: Parameters<typeof filtersOf>[0] & { walletId: string | undefined; format: 'csv' | 'json' },
  write: Write,
): Promise<number> {
  const joined = joinedStatement(input.format);
  let entries = 0;
  let after: string | undefined;
  do {
    const page = await lab.use(chancellor, 'export_statement', { ...input, after });
    await write(joined.page(page.content));
    entries += page.entries;
    after = page.nextAfter;
    if (after !== undefined) output.progress({ progress: entries, message: 'entries' });
  } while (after !== undefined);
  await write(joined.end());
  return entries;
}

/** Beside the file's place first, so that what broke off is never taken for a statement. */
async function whole<T>(path: string, fill: (write: Write) => Promise<T>): Promise<T> {
  const part = `${path}.part`;
  const file: FileHandle = await open(part, 'w').catch((cause: Error) => {
    throw new AppError('invalid_input', `Cannot write ${path}: ${cause.message}`, { cause });
  });
  try {
    const filled = await fill((text) => file.writeFile(text));
    await file.sync();
    await rename(part, path);
    return filled;
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  } finally {
    await file.close();
  }
}
