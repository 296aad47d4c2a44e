// SQL over datasets for a wallet: checks who may read what and what the SQL may be, and answers a page of exact values.
import { createHash } from 'node:crypto';
import {
  AppError,
  type Call,
  type curator,
  QUERY_TABLES_MAX,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { DatasetRecord } from '../datasets/dataset.js';
import { DatasetReader } from '../datasets/dataset-reader.js';
import { DatasetWriter } from '../datasets/dataset-writer.js';
import { checkRows, type Json, ROWS_MAX } from '../rows.js';
import { type Answer, answerOf } from './answer-values.js';
import { DatasetTables } from './dataset-tables.js';
import { ENGINE, type Engine } from './engine.js';
import { EngineEnded, EngineError } from './engine-errors.js';
import { type EngineSession, quoteName, quoteText } from './engine-session.js';
import { ISO_TIME } from './iso-time-macro.js';
import { packPage, unpackPage } from './query-cursor.js';
import { badSql, sqlError } from './sql-errors.js';
import { guardSql, withoutExplain } from './sql-guard.js';
import type { Header, Parameters, WireRow } from './wire.js';

type QueryTool = (typeof curator.tools)['query_dataset'];
type SaveTool = (typeof curator.tools)['save_query'];
type Input = ToolInput<QueryTool>;

type Asking = Pick<Input, 'data' | 'datasets' | 'versions'>;

/** Most bytes of rows in one answer, as JSON. */
const PAGE_BYTES_MAX = 1024 * 1024;

interface Asked {
  readonly sql: string;
  readonly parameters: Parameters | undefined;
  readonly limit: number;
  readonly offset: number;
  readonly timeoutMs: number;
}

interface Page extends Header {
  readonly rows: WireRow[];
  readonly more: boolean;
  readonly repeatable: boolean;
}

/** A dataset under the name that the SQL has for it. */
export type NamedDatasets = ReadonlyArray<readonly [alias: string, record: DatasetRecord]>;

@Injectable()
export class DatasetQueries {
  constructor(
    @Inject(DatasetReader) private readonly reader: DatasetReader,
    @Inject(DatasetWriter) private readonly writer: DatasetWriter,
    @Inject(DatasetTables) private readonly tables: DatasetTables,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  async query(input: Input, call: Call): Promise<ToolOutput<QueryTool>> {
    refuseNul(input.sql);
    const named = await this.datasetsOf(input, call);
    const mark = markOf(input, named);
    const offset = input.cursor === undefined ? 0 : unpackPage(input.cursor, mark);
    const asked = { ...input, parameters: input.parameters, offset };
    const page = await this.run(named, asked, call);
    const answer = answerOf(page.names, page.types, page.rows);
    const rows = withinBytes(answer);
    const next = page.more || rows.length < answer.rows.length ? offset + rows.length : undefined;
    return {
      columns: answer.columns,
      rows,
      ...(next === undefined ? {} : page.repeatable ? { nextCursor: packPage(next, mark) } : { truncated: true }),
    };
  }

  /** Keeps all rows of the answer, as a dataset of the caller's. @throws AppError too_large beyond what a dataset holds. */
  async save(input: ToolInput<SaveTool>, call: Call): Promise<ToolOutput<SaveTool>> {
    refuseNul(input.sql);
    const named = await this.datasetsOf(input, call);
    const page = await this.run(named, { ...input, parameters: input.parameters, limit: ROWS_MAX, offset: 0 }, call);
    if (page.more)
      throw new AppError('too_large', `Cannot keep more than ${ROWS_MAX} rows: a dataset holds at most as many.`);
    const { columns, rows } = answerOf(page.names, page.types, page.rows);
    const names = columns.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw badSql(`Two columns are named "${twice}"; name each with AS`);
    return this.writer.derive(
      {
        name: input.name,
        description: input.description,
        format: input.format,
        rows: checkRows(rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))))
          .rows,
        from: named.map(([alias, { id, sha256 }]) => ({ alias, id, sha256 })),
        how: input.parameters === undefined ? input.sql : `${input.sql}\n-- with ${JSON.stringify(input.parameters)}`,
      },
      call,
    );
  }

  /** The datasets that the caller named. @throws AppError not_found for one of another wallet. */
  async datasetsOf({ data, datasets = {}, versions = {} }: Asking, call: Call): Promise<NamedDatasets> {
    const named = Object.entries({ ...(data === undefined ? {} : { data }), ...datasets });
    if (named.length === 0 || named.length > QUERY_TABLES_MAX) {
      throw new AppError(
        'invalid_input',
        `Cannot run the SQL: name from 1 to ${QUERY_TABLES_MAX} datasets, in "data" (one, as the table data) or in "datasets" ({"name": "ds_…"}).`,
      );
    }
    refuseTwins(named.map(([alias]) => alias));
    const stray = Object.keys(versions).find((alias) => !named.some(([name]) => name === alias));
    if (stray !== undefined)
      throw new AppError(
        'invalid_input',
        `Cannot run the SQL: "versions" names "${stray}", and no table has that name.`,
      );
    return Promise.all(
      named.map(async ([alias, id]) => [alias, await this.reader.find(id, call, versions[alias])] as const),
    );
  }

  /** At most `limit` rows after `offset`, and whether there are more. */
  run(named: NamedDatasets, asked: Asked, { principal, signal }: Call): Promise<Page> {
    const records = named.map(([, record]) => record);
    return this.tables.using(records, async (files) => {
      const task = { who: principal.walletId, limitMs: asked.timeoutMs, signal, files };
      try {
        return await this.engine.run(task, async (session) => {
          const tables = named.map(([alias], index) => [alias, files[index] ?? ''] as const);
          return pageOf(session, tables, asked);
        });
      } catch (thrown) {
        throw saidOf(thrown, asked.sql);
      }
    });
  }
}

function refuseNul(sql: string): void {
  if (sql.includes('\0')) throw badSql('It holds the character U+0000; chr(0) makes one');
}

async function pageOf(
  session: EngineSession,
  tables: ReadonlyArray<readonly [string, string]>,
  { sql, parameters, limit, offset }: Asked,
): Promise<Page> {
  for (const [alias, file] of tables) {
    await session.run(`CREATE VIEW ${quoteName(alias)} AS SELECT * FROM read_parquet(${quoteText(file)})`);
  }
  await session.run(ISO_TIME);
  const { statement, from } = withoutExplain(sql);
  const [tree] = await session.all(`SELECT CAST(json_serialize_sql(${quoteText(statement)}) AS VARCHAR)`);
  const aliases = tables.map(([alias]) => alias);
  const { repeatable } = guardSql(String(tree?.[0]), { sql, from }, aliases);
  const { portions, ...header } = await session.stream({ sql, parameters, skip: offset, limit: limit + 1 });
  const rows: WireRow[] = [];
  for await (const portion of portions) rows.push(...portion);
  return { ...header, rows: rows.slice(0, limit), more: rows.length > limit, repeatable };
}

function saidOf(thrown: unknown, sql: string): unknown {
  if (thrown instanceof EngineError) return sqlError(thrown.message, sql);
  if (!(thrown instanceof EngineEnded)) return thrown;
  if (thrown.reason === 'memory')
    return new AppError(
      'too_large',
      'Cannot run the SQL: it needs more memory than a query may have. Filter or aggregate first.',
      {
        cause: thrown,
      },
    );
  return new AppError('invalid_input', 'Cannot run the SQL: it ended the process that ran it. Write it another way.', {
    cause: thrown,
  });
}

/** As many rows as fit. @throws AppError too_large when not even one does. */
function withinBytes({ rows }: Answer): Json[][] {
  let bytes = 0;
  const end = rows.findIndex((row) => {
    bytes += Buffer.byteLength(JSON.stringify(row));
    return bytes > PAGE_BYTES_MAX;
  });
  if (end !== 0) return end === -1 ? rows : rows.slice(0, end);
  throw new AppError(
    'too_large',
    `Cannot answer a row of more than ${PAGE_BYTES_MAX} bytes: ask for fewer columns, or for a part of the text.`,
  );
}

/** Names of tables are the same in upper and lower case. */
function refuseTwins(aliases: readonly string[]): void {
  const twin = aliases.find(
    (alias, index) => aliases.findIndex((other) => other.toLowerCase() === alias.toLowerCase()) < index,
  );
  if (twin === undefined) return;
  throw new AppError(
    'invalid_input',
    `Cannot run the SQL: two datasets have the name "${twin}", in which case does not matter. Rename one.`,
  );
}

/** What a cursor belongs to: the SQL, its values, and the very contents of the datasets. */
const markOf = ({ sql, parameters }: Input, named: NamedDatasets): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        sql,
        parameters ?? null,
        named.map(([alias, { sha256, id, version }]) => [alias, id, version, sha256]),
      ]),
    )
    .digest('base64url')
    .slice(0, 16);
