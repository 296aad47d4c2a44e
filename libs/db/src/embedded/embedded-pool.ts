// Opens the embedded database in a folder and puts an ordinary pg.Pool over it.
// It must never start the engine on a folder that another process may be using.
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError } from '@labmesh/contracts';
import pg from 'pg';
import type { OpenedPool } from '../database.js';
import { Engine } from './engine.js';
import { prepareFolder } from './first-start.js';
import { lockFolder } from './folder-lock.js';
import { Turns } from './turns.js';
import { startUpkeep } from './upkeep.js';
import { type SharedConnection, VirtualSocket } from './virtual-socket.js';

/** Clients are cheap, and a queue keeps one for each listener. */
const MAX_CLIENTS = 100;

/** Only an empty or missing folder, or one with a database in it, will do. AppError as for `openDatabase`. */
export async function openEmbeddedPool(folder: string): Promise<OpenedPool> {
  const path = resolve(folder);
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
  const lock = await lockFolder(path).catch((error: unknown) => {
    throw error instanceof AppError ? error : cannotWrite(path, error);
  });
  try {
    const engine = await startEngine(path);
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

/** A database that lives as long as its pool and is never written to a disk. */
export async function openMemoryPool(): Promise<OpenedPool> {
  const engine = await Engine.start();
  return { pool: poolOver(engine), release: () => engine.close() };
}

function poolOver(engine: Engine): pg.Pool {
  const shared: SharedConnection = { engine, turns: new Turns(), sockets: new Set() };
  const pool = new pg.Pool({ stream: () => new VirtualSocket(shared), max: MAX_CLIENTS, idleTimeoutMillis: 0 });
  pool.setMaxListeners(0);
  pool.on('error', () => undefined); // the next query says it again, to someone who can act on it
  return pool;
}

async function startEngine(path: string): Promise<Engine> {
  try {
    const finish = await prepareFolder(path);
    const engine = await Engine.start(path);
    await finish();
    return engine;
  } catch (cause) {
    throw cause instanceof AppError ? cause : cannotOpen(path, cause);
  }
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const cannotWrite = (path: string, cause: unknown): AppError =>
  new AppError(
    'unavailable',
    `Cannot keep the database in ${path}: ${reason(cause)}. Let this user write there, or choose another folder.`,
    { cause },
  );

const cannotOpen = (path: string, cause: unknown): AppError =>
  new AppError(
    'unavailable',
    `Cannot open the database in ${path}: ${reason(cause)}. See that the disk has room and that this user owns every file in it.`,
    { cause },
  );
