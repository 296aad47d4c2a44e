// DuckDB, which reads and writes Parquet: loaded at first use, one in-memory instance, one task at a time,
// each in a private folder that is gone afterwards. It reaches no file outside that folder and no network.
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';

/** Room for the largest dataset unpacked, and for DuckDB's own buffers. */
const MEMORY_LIMIT = '256MB';

export interface Workbench {
  readonly connection: DuckDBConnection;
  /** Private folder of the task, without quotes in its name. */
  readonly folder: string;
}

interface Engine {
  readonly connect: () => Promise<DuckDBConnection>;
  readonly close: () => void;
  readonly root: string;
}

let engine: Promise<Engine> | undefined;
let last: Promise<unknown> = Promise.resolve();

/** Runs one task with a connection and a folder of its own, after those before it. */
export function withDuckDb<T>(task: (bench: Workbench) => Promise<T>): Promise<T> {
  const turn = last.then(() => run(task));
  last = turn.catch(() => undefined);
  return turn;
}

/** Waits for the task at work, then lets go of DuckDB and removes its folder. The next task loads it again. */
export async function closeDuckDb(): Promise<void> {
  const closing = last.then(async () => {
    const opened = await engine?.catch(() => undefined);
    engine = undefined;
    opened?.close();
    if (opened !== undefined) await rm(opened.root, { recursive: true, force: true });
  });
  last = closing.catch(() => undefined);
  await closing;
}

async function run<T>(task: (bench: Workbench) => Promise<T>): Promise<T> {
  engine ??= load();
  const { connect, root } = await engine.catch((thrown: unknown) => {
    engine = undefined;
    throw thrown;
  });
  const folder = join(root, randomUUID());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const connection = await connect();
  try {
    return await task({ connection, folder });
  } finally {
    connection.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

async function load(): Promise<Engine> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const root = await mkdtemp(join(tmpdir(), 'labmesh-curator-'));
  await chmod(root, 0o700);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: MEMORY_LIMIT });
  const connection = await instance.connect();
  for (const setting of [
    'autoinstall_known_extensions = false',
    'autoload_known_extensions = false',
    `temp_directory = ''`,
    `allowed_directories = [${quoteText(`${root}/`)}]`,
    'enable_external_access = false',
    'lock_configuration = true',
  ]) {
    await connection.run(`SET ${setting}`);
  }
  connection.closeSync();
  return { connect: () => instance.connect(), close: () => instance.closeSync(), root };
}

/** A text as an SQL literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A name as an SQL identifier. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
