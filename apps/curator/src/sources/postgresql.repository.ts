// Rows of another PostgreSQL database by one SELECT: in a read-only transaction with a time limit, at the address that was checked.
import { AppError } from '@labmesh/contracts';
import pg from 'pg';
import { numberFromText } from '../numbers.js';
import { checkRows, ROWS_MAX, type Row } from '../rows.js';
import { addressOf } from './addresses.js';
import { type AllowedHost, isAllowed } from './allow-list.js';
import type { PostgresManifest } from './manifest.js';
import { withoutKey } from './source-client.js';

const CONNECT_MS = 10_000;
/** Types whose text is a number, true or false, or JSON; every other value is its text, as PostgreSQL writes it. */
const [BOOL, INT8, INT2, INT4, OID, JSON_TYPE, FLOAT4, FLOAT8, NUMERIC, JSONB] = [
  16, 20, 21, 23, 26, 114, 700, 701, 1700, 3802,
];
const NUMBERS = new Set([INT8, INT2, INT4, OID, FLOAT4, FLOAT8, NUMERIC]);

export interface PostgresQuestion {
  readonly manifest: PostgresManifest;
  readonly query: string;
  readonly timeoutMs: number;
  readonly password: string | undefined;
  readonly allow: readonly AllowedHost[];
  readonly signal: AbortSignal;
}

/** @throws AppError forbidden for a host that is not public and not allowed by name; invalid_input for a wrong query; upstream_failed; cancelled */
export async function postgresRows(question: PostgresQuestion): Promise<Row[]> {
  const { manifest, timeoutMs, password, allow, signal } = question;
  const { host, port, database, user, tls } = manifest;
  const trust = isAllowed(new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`), allow)
    ? 'named'
    : 'public';
  const { address } = await addressOf(host, undefined, trust);
  const client = new pg.Client({
    host: address,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password }),
    ssl: tls ? { servername: host } : false,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs + CONNECT_MS,
    application_name: 'LabMesh Curator',
    types: { getTypeParser: (() => (text: string) => text) as never },
  });
  const stop = (): void => void client.end().catch(() => undefined);
  client.on('error', () => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    return await selected(client, question);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (signal.aborted) throw new AppError('cancelled', 'Gave up the query: the caller went away.', { cause: error });
    throw refused(error, question);
  } finally {
    signal.removeEventListener('abort', stop);
    await client.end().catch(() => undefined);
  }
}

async function selected(client: pg.Client, { query, manifest }: PostgresQuestion): Promise<Row[]> {
  await client.query('BEGIN TRANSACTION READ ONLY');
  // By a cursor: one statement alone, which is a SELECT, and no more rows than are taken.
  await client.query({ text: `DECLARE rows NO SCROLL CURSOR FOR ${query}`, queryMode: 'extended' } as pg.QueryConfig);
  const { rows, fields } = await client.query<Array<string | null>>({
    text: `FETCH ${ROWS_MAX + 1} FROM rows`,
    rowMode: 'array',
  });
  if (rows.length > ROWS_MAX)
    throw new AppError(
      'too_large',
      `Cannot read ${manifest.name}: the query gives more than ${ROWS_MAX} rows. Ask for less.`,
    );
  await client.query('ROLLBACK');
  const names = fields.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new AppError(
      'invalid_input',
      `Cannot read ${manifest.name}: two columns are called "${twice}". Name them with AS.`,
    );
  return checkRows(
    rows.map((values, index) =>
      Object.fromEntries(
        values.map((text, at) => [
          names[at] ?? '',
          exactValue(text, { type: fields[at]?.dataTypeID ?? 0, index, column: names[at] ?? '' }),
        ]),
      ),
    ),
  ).rows;
}

/** Exactly, or refused with column and row. */
function exactValue(
  text: string | null,
  { type, index, column }: { type: number; index: number; column: string },
): unknown {
  if (text === null) return null;
  if (type === BOOL) return text === 't';
  if (type === JSON_TYPE || type === JSONB) return JSON.parse(text) as unknown;
  if (!NUMBERS.has(type)) return text;
  const number = numberFromText(type === NUMERIC ? text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : text);
  if (number !== undefined) return number;
  throw new AppError(
    'invalid_input',
    `Cannot take row ${index}: ${column} is ${text.slice(0, 40)}, which would be rounded. Select it as text: ${column}::text.`,
  );
}

function refused(error: unknown, { manifest, password, timeoutMs }: PostgresQuestion): AppError {
  const { code = '', message = 'it does not answer' } = error as { code?: string; message?: string };
  const why = withoutKey(message.slice(0, 300), password);
  if (code === '57014')
    return new AppError(
      'upstream_failed',
      `Cannot read ${manifest.name}: the query takes longer than ${timeoutMs} ms. Ask for less, or let its manifest allow more.`,
    );
  if (code.startsWith('42') || code === '25006' || code === '22P02')
    return new AppError('invalid_input', `Cannot read ${manifest.name}: ${why}. The query must be one SELECT.`);
  return new AppError(
    'upstream_failed',
    `Cannot read ${manifest.name} (${manifest.host}:${manifest.port}): ${why}. Look whether it runs, and whether user and password are right.`,
    { cause: error },
  );
}
