// The engine of an embedded database, from the lock on its folder to the thread that runs it. It may be begun while the program is
// still being read: then it opens meanwhile. It must never start on a folder that another process may be using.
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError } from '@labmesh/contracts';
import type { HeldLock } from '@labmesh/locks';
import { Engine } from './engine.js';
import { type Beginning, prepareFolder } from './first-start.js';
import { lockFolder } from './folder-lock.js';

export interface BegunEngine {
  readonly lock: HeldLock;
  /** Resolves when the folder is open. Rejects with AppError as `openDatabase`. */
  readonly engine: Promise<Engine>;
}

const begun = new Map<string, Promise<BegunEngine>>();

/**
 * Begins to open the database in `folder`, for `openDatabase` to take. Resolves when its thread is at work, and also when it
 * cannot be: why not, `openDatabase` says.
 */
export async function beginEmbedded(folder: string): Promise<void> {
  const path = resolve(folder);
  const engine = begin(path, 'migrated');
  begun.set(path, engine);
  await engine.then(
    ({ engine }) => void engine.catch(() => undefined),
    () => undefined,
  );
}

/** What was begun for this folder, or what is now. Rejects with AppError as `openDatabase`. */
export function engineFor(folder: string, beginning: Beginning): Promise<BegunEngine> {
  const path = resolve(folder);
  const engine = begun.get(path) ?? begin(path, beginning);
  begun.delete(path);
  return engine;
}

async function begin(path: string, beginning: Beginning): Promise<BegunEngine> {
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
  const lock = await lockFolder(path).catch((error: unknown) => {
    throw error instanceof AppError ? error : cannotWrite(path, error);
  });
  try {
    const finish = await prepareFolder(path, beginning);
    return { lock, engine: startEngine(path, finish) };
  } catch (cause) {
    await lock.release();
    throw cause instanceof AppError ? cause : cannotOpen(path, cause);
  }
}

async function startEngine(path: string, finish: () => Promise<void>): Promise<Engine> {
  try {
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
