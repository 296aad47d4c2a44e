// Puts an ordinary pg.Pool over the embedded database in a folder, or in memory.
import pg from 'pg';
import type { OpenedPool } from '../opened-pool.js';
import { preparingClient, StatementNames } from '../prepared-statements.js';
import { engineFor } from './begun-engine.js';
import { Engine } from './engine.js';
import type { Beginning } from './first-start.js';
import { Turns } from './turns.js';
import { startUpkeep } from './upkeep.js';
import { type SharedConnection, VirtualSocket } from './virtual-socket.js';

/** Clients are cheap, and a queue keeps one for each listener. */
const MAX_CLIENTS = 100;

/**
 * Only an empty or missing folder, or one with a database in it, will do. AppError as for `openDatabase`.
 * @param beginning of a database that is not there yet
 */
export async function openEmbeddedPool(folder: string, beginning: Beginning): Promise<OpenedPool> {
  const { lock, engine: opening } = await engineFor(folder, beginning);
  try {
    const engine = await opening;
    const pool = poolOver(engine);
    const stopUpkeep = startUpkeep(pool);
    return {
      pool,
      release: async () => {
        stopUpkeep();
        await engine.close().finally(() => lock.release());
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** A database that lives as long as its pool and is never written to a disk: `prisma/engine` compares models in one. */
export async function openMemoryPool(): Promise<OpenedPool> {
  const engine = await Engine.start();
  return { pool: poolOver(engine), release: () => engine.close() };
}

function poolOver(engine: Engine): pg.Pool {
  const shared: SharedConnection = { engine, turns: new Turns(), sockets: new Set(), prepared: new Set() };
  const pool = new pg.Pool({
    Client: preparingClient(new StatementNames()),
    stream: () => new VirtualSocket(shared),
    max: MAX_CLIENTS,
    idleTimeoutMillis: 0,
  });
  pool.setMaxListeners(0);
  pool.on('error', () => undefined); // the next query says it again, to someone who can act on it
  return pool;
}
