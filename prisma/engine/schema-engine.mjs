#!/usr/bin/env node
// Stands where Prisma's commands expect their native schema engine (prisma.config.ts names it): the same arguments,
// the same JSON-RPC lines on standard input and output. It only translates; all decisions are the WASM engine's.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { closeDatabases, databasesOf, isEmbedded } from './databases.mjs';
import { loadEngine } from './wasm-engine.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    datamodels: { type: 'string', multiple: true },
    datasource: { type: 'string' },
    version: { type: 'boolean' },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
  },
});
const url = options.datasource ? JSON.parse(options.datasource).url : undefined;

/** Prisma's code for a connection that failed; P1001 is "cannot reach the database". */
const CONNECTION_CODES = {
  AuthenticationFailed: 'P1000',
  DatabaseNotReachable: 'P1001',
  DatabaseDoesNotExist: 'P1003',
};

async function main() {
  if (options.version) {
    const { version } = await loadEngine();
    console.log(`schema-engine-wasm ${version()}`);
  } else if (positionals[0] === 'cli') {
    process.exitCode = await runCommand(positionals[1]);
  } else {
    for await (const line of createInterface({ input: process.stdin })) await answer(line);
  }
}

/** `cli can-connect-to-database` and its like; a failure is one JSON line on standard error. */
async function runCommand(command) {
  try {
    if (command !== 'can-connect-to-database' && command !== 'create-database') {
      throw new Error(`This engine cannot ${command}: do it with psql, createdb or dropdb.`);
    }
    if (isEmbedded(url)) return 0; // it is made when needed, and another process of the same command may have it open
    const adapter = await databasesOf(url).connect();
    await adapter.queryRaw({ sql: 'SELECT 1', args: [], argTypes: [] });
    return 0;
  } catch (error) {
    const fields = {
      error_code: CONNECTION_CODES[error?.cause?.kind] ?? 'P1001',
      message: String(error?.cause?.message ?? error?.message ?? error),
    };
    console.error(`\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}`);
    return 1;
  }
}

let engine;

/** One engine per process. A diff of files alone gets no database: it must work without one. */
async function engineFor(method, params) {
  if (engine) return engine;
  const live = [params?.from?.tag, params?.to?.tag].some((tag) => tag === 'url' || tag === 'schemaDatasource');
  const databases = databasesOf(method === 'diff' && !live ? undefined : url);
  const datamodels = options.datamodels?.map((file) => [file, readFileSync(file, 'utf8')]);
  const { SchemaEngine } = await loadEngine();
  engine = await SchemaEngine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(databases));
  return engine;
}

async function answer(line) {
  if (!line.trim()) return;
  const { id, method, params } = JSON.parse(line);
  if (!method) return; // the command's answer to our `print`
  try {
    const result = await call(method, params);
    if (method === 'diff' && result?.stdout) send({ id: 1e9, method: 'print', params: { content: result.stdout } });
    send({ id, result: result ?? {} });
  } catch (error) {
    send({ id, error: describe(error) });
  }
}

async function call(method, params) {
  const engine = await engineFor(method, params);
  if (method === 'createDatabase') return { databaseName: 'postgres' };
  if (method === 'getDatabaseVersion') return engine.version();
  if (method === 'evaluateDataLoss' || method === 'createMigration') {
    // These two know the shadow database only from a diagnosis before them (engine 7.10).
    await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
  }
  return engine[method](params);
}

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

/** An error with one of Prisma's codes arrives as JSON in the message; anything else is passed on as it is. */
function describe(error) {
  const message = error?.message ?? String(error);
  const data = parseKnown(message) ?? { is_panic: false, error: { message } };
  return { code: 4466, message: data.message ?? message, data };
}

function parseKnown(message) {
  try {
    const known = JSON.parse(message);
    return known.error_code ? { ...known, is_panic: false } : undefined;
  } catch {
    return undefined;
  }
}

let finishing;
/** Once only: the command may both end our input and send a signal. */
const finish = () => {
  finishing ??= closeDatabases()
    .catch((error) => console.error(error.message))
    .finally(() => process.exit());
  return finishing;
};
process.once('SIGTERM', finish);
process.once('SIGINT', finish);
await main();
await finish();
