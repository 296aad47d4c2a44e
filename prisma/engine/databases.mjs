// Gives the schema engine its databases: a server, an embedded folder, or a throw-away one in memory.
// It must never open an embedded folder without the lock that a running lab holds.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';

const ROOT = new URL('../../', import.meta.url);
const EMBEDDED = fileURLToPath(new URL('libs/db/dist/embedded/embedded-pool.js', ROOT));

/** Type ids in PostgreSQL's catalogue; the last is Prisma's name for a one-character column. */
const CHAR_OID = 18;
const TEXT_OID = 25;
const CHARACTER_COLUMN = 6;

const opened = new Map();

/** What the engine asks for connections. `url` undefined: everything happens in memory. */
export function databasesOf(url) {
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => said(async () => adapt(await openOnce(url), () => Promise.resolve())),
    connectToShadowDb: () =>
      said(async () => {
        const shadow = await openMemory();
        return adapt(shadow, () => close(shadow));
      }),
  };
}

/** The WASM engine has no words for what is thrown here but `External error`: it is said on standard error before. */
async function said(open) {
  try {
    return await open();
  } catch (error) {
    console.error(error.message);
    throw error;
  }
}

/** Ends every connection and gives locks back. */
export async function closeDatabases() {
  const all = await Promise.allSettled(opened.values());
  opened.clear();
  for (const { value } of all) if (value) await close(value);
}

async function close({ pool, release }) {
  await pool.end();
  await release();
}

function openOnce(url) {
  const key = url ?? '';
  if (!opened.has(key)) opened.set(key, url ? open(url) : openMemory());
  return opened.get(key);
}

/** postgresql://embedded/<folder>, slashes as %2F, is our way to name an embedded database. */
export const isEmbedded = (url) => url !== undefined && new URL(url).hostname === 'embedded';

async function open(url) {
  if (!isEmbedded(url)) {
    return { pool: new pg.Pool({ connectionString: url, max: 2 }), release: () => Promise.resolve() };
  }
  const { openEmbeddedPool } = await embedded();
  const folder = decodeURIComponent(new URL(url).pathname.slice(1));
  return openEmbeddedPool(resolve(fileURLToPath(ROOT), folder)); // a relative one starts at the repository
}

async function openMemory() {
  const { openMemoryPool } = await embedded();
  return openMemoryPool();
}

function embedded() {
  if (existsSync(EMBEDDED)) return import(pathToFileURL(EMBEDDED).href);
  throw new Error('This command needs the embedded database: run `npm run build -w libs/db` first.');
}

/** Prisma's own adapter, with the two things changed that the schema engine needs otherwise. */
async function adapt({ pool }, dispose) {
  const adapter = await new PrismaPg(pool).connect();
  readCharColumns(adapter);
  // One message to the server: the adapter's own cuts scripts at every semicolon, function bodies too.
  adapter.executeScript = async (script) => {
    await pool.query(script).catch((error) => adapter.onError(error));
  };
  adapter.dispose = dispose;
  return adapter;
}

/** The adapter refuses columns of the type "char", of which the catalogue has many. */
function readCharColumns(adapter) {
  const performIO = adapter.performIO.bind(adapter);
  const queryRaw = adapter.queryRaw.bind(adapter);
  let charColumns = [];
  adapter.performIO = async (query) => {
    const result = await performIO(query);
    charColumns = [...result.fields.keys()].filter((index) => result.fields[index].dataTypeID === CHAR_OID);
    for (const index of charColumns) result.fields[index].dataTypeID = TEXT_OID;
    return result;
  };
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of charColumns) result.columnTypes[index] = CHARACTER_COLUMN;
    return result;
  };
}
