// Opens a pool on a PostgreSQL server and makes sure that it answers. Messages must never contain the password.

import { AppError } from '@labmesh/contracts';
import pg from 'pg';
import type { OpenedPool } from '../opened-pool.js';
import { preparingClient, StatementNames } from '../prepared-statements.js';

const MAX_CLIENTS = 20;
const CONNECT_LIMIT_MS = 10_000;

/** `url` as PostgreSQL writes it: postgresql://user:password@host:5432/database. AppError `unavailable` naming host and database. */
export async function openServerPool(url: string): Promise<OpenedPool> {
  const place = describePlace(url);
  const pool = new pg.Pool({
    Client: preparingClient(new StatementNames()),
    connectionString: url,
    max: MAX_CLIENTS,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    options: '-c search_path=public,bullmq', // the job queue's statements name no schema
  });
  // A server that went away is the next query's error, to someone who can act on it: also while a client is somebody's and rests
  // between two statements of a transaction, where nobody but the client itself would hear of it, and an error unheard ends a process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await pool.query('SELECT 1');
  } catch (cause) {
    await pool.end();
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new AppError(
      'unavailable',
      `Cannot reach the database ${place}: ${reason}. See that the server runs and that address, user and password are right.`,
      { cause },
    );
  }
  return { pool, release: () => Promise.resolve() };
}

function describePlace(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new AppError(
      'invalid_input',
      'Cannot read the database’s address: it must look like postgresql://user:password@host:5432/database.',
    );
  }
  const name = decodeURIComponent(parsed.pathname.slice(1)) || decodeURIComponent(parsed.username) || 'postgres';
  return `"${name}" at ${parsed.hostname || 'localhost'}:${parsed.port || '5432'}`;
}
