// `labmesh dataset query`: SQL over datasets; the answer as a table, as JSON or as CSV.

import { readFile } from 'node:fs/promises';
import { AppError, answerNames, answerRows, csvLine, curator } from '@labmesh/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { pipedTo } from '../arguments/standard-input.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { localFile } from './local-file.js';
import { wholeNumber } from './numbers.js';
import { showRows } from './row-output.js';

type Answer = z.output<typeof curator.tools.query_dataset.output>;

const HELP = `
--data names the dataset that SQL reads as the table data; --table adds others under names of your own. The SQL is the
argument, a file (-f), or standard input. All rows come with --all, else --limit of them.

Examples:
  npx @labmesh/cli dataset query --data ds_… "SELECT left(classType, 1) AS class, count(*) FROM data GROUP BY class"
  npx @labmesh/cli dataset query --table flares=ds_… --table regions=ds_… -f join.sql
  echo "SELECT * FROM data" | npx @labmesh/cli dataset query --data ds_… --all --format csv > flares.csv
  npx @labmesh/cli dataset query --data ds_… "SELECT * FROM data WHERE seen > ?" --param 5`;

interface QueryOptions {
  readonly data?: string;
  readonly table: Readonly<Record<string, string>>;
  readonly file?: string;
  readonly param: ReadonlyArray<string | number | boolean | null>;
  readonly limit: number;
  readonly all?: boolean;
  readonly format: 'table' | 'json' | 'csv';
  readonly timeout?: number;
}

const PAGE = 5_000;

export function addQuery(group: Command, session: Session): void {
  const command = group
    .command('query')
    .description('ask datasets with SQL')
    .argument('[sql]', 'one SELECT; standard input when left out')
    .option('--data <dataset>', 'the dataset that is the table data')
    .option('--table <name=dataset>', 'another one, under this name; may be repeated', tables, {})
    .option('-f, --file <file>', 'read the SQL from a file')
    .option('--param <value>', 'value of the next ?, as JSON where it is such; may be repeated', parameters, [])
    .option('--limit <count>', 'most rows', wholeNumber, 100)
    .option('--all', 'all rows, page after page')
    .option('--timeout <ms>', 'how long the SQL may run', wholeNumber)
    .addOption(
      new Option('--format <format>', 'how rows are written').choices(['table', 'json', 'csv']).default('table'),
    );
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((sql: string | undefined, options: QueryOptions) =>
      session.run(command, (work) => query(work, sql, options)),
    );
}

async function query(work: Work, given: string | undefined, options: QueryOptions): Promise<void> {
  const { output } = work;
  const { data, table, param, limit, all, timeout } = options;
  const input = {
    sql: await sqlOf(work, given, options.file),
    data,
    datasets: Object.keys(table).length === 0 ? undefined : table,
    parameters: param.length === 0 ? undefined : [...param],
    limit: all === true ? PAGE : Math.min(PAGE, limit),
    timeoutMs: timeout,
  };
  const wanted = all === true ? Number.POSITIVE_INFINITY : limit;
  if (output.json) return answerAsOne(work, input, wanted);
  const write = writerFor(work, options.format);
  let rows = 0;
  let more = false;
  for await (const answer of pagesOf(work, input, wanted)) {
    write(answer, rows === 0);
    rows += answer.rows.length;
    more = answer.nextCursor !== undefined || answer.truncated === true;
  }
  if (more) output.note(`There are more rows than these ${rows}: --limit ${rows * 2}, or --all`);
}

type Asked = z.input<typeof curator.tools.query_dataset.input>;

async function* pagesOf({ lab }: Work, input: Asked, wanted: number): AsyncGenerator<Answer> {
  let cursor: string | undefined;
  let rows = 0;
  do {
    // A page is of one size from the first to the last: the cursor belongs to it.
    const answer = await lab.use(curator, 'query_dataset', { ...input, cursor });
    const left = wanted - rows;
    yield answer.rows.length > left ? { ...answer, rows: answer.rows.slice(0, left) } : answer;
    rows += answer.rows.length;
    cursor = answer.nextCursor;
  } while (cursor !== undefined && rows < wanted);
}

/** One document for scripts: columns once, and all rows that were asked for. */
async function answerAsOne(work: Work, input: Asked, wanted: number): Promise<void> {
  let whole: Answer | undefined;
  for await (const answer of pagesOf(work, input, wanted))
    whole = whole === undefined ? answer : { ...answer, rows: [...whole.rows, ...answer.rows] };
  work.output.document(whole);
}

function writerFor({ output, host }: Work, format: QueryOptions['format']): (answer: Answer, first: boolean) => void {
  switch (format) {
    case 'table':
      return (answer, first) => {
        const names = answerNames(answer.columns);
        if (first || answer.rows.length > 0) showRows(output, answerRows(answer.rows, names), names);
      };
    case 'json':
      return (answer) => {
        const names = answerNames(answer.columns);
        for (const row of answerRows(answer.rows, names)) host.stdout.write(`${JSON.stringify(row)}\n`);
      };
    case 'csv':
      return ({ columns, rows }, first) => {
        if (first) host.stdout.write(csvLine(columns.map(({ name }) => name)));
        for (const values of rows) host.stdout.write(csvLine(values));
      };
    default:
      return format satisfies never;
  }
}

async function sqlOf({ host }: Work, given: string | undefined, file: string | undefined): Promise<string> {
  if (given !== undefined && file !== undefined)
    throw new AppError('invalid_input', 'Give the SQL as an argument or with -f, not both.');
  if (given !== undefined) return given;
  if (file !== undefined) return readFile((await localFile(file, host.cwd)).path, 'utf8');
  const sql = (await pipedTo(host.stdin)).toString('utf8');
  if (sql.trim() === '')
    throw new AppError('invalid_input', 'Say what to ask: SQL as an argument, with -f, or on standard input.');
  return sql;
}

function tables(value: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, dataset] = /^([A-Za-z_]\w*)=(ds_[A-Za-z0-9-]+)$/.exec(value) ?? [];
  if (name === undefined || dataset === undefined)
    throw new InvalidArgumentError('Give it as name=ds_…, such as flares=ds_….');
  return { ...before, [name]: dataset };
}

/** `5` is a number, `"5"` and `five` are texts, `null` is none. */
function parameters(value: string, before: QueryOptions['param']): QueryOptions['param'] {
  let read: unknown = value;
  try {
    read = JSON.parse(value);
  } catch {
    // a text as it is
  }
  const plain = read === null || ['string', 'number', 'boolean'].includes(typeof read);
  return [...before, plain ? (read as string | number | boolean | null) : value];
}
