// Files that are one person's: written whole or not at all, for nobody else to read. Changing one from several processes goes
// through its lock, which a killed holder loses.
import { chmod, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '@labmesh/contracts';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** So long without a sign of life, and the lock is somebody's who was killed. */
const STALE_MS = 3_000;
const SIGN_OF_LIFE_MS = 1_000;
const AGAIN_MS = 100;
/** Longest that a holder may take: a renewal over a slow line. */
const WAIT_MS = 60_000;

export async function readPrivate(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AppError('forbidden', `Cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
}

/** Puts the text in the file's place at once; it is on the disk when this resolves. */
export async function writePrivate(file: string, text: string): Promise<void> {
  const staged = await stagedBeside(file, text);
  await rename(staged, file);
  await syncFolder(dirname(file));
}

/** The text of the file: this one when the file was not there, else what whoever came first wrote. */
export async function writtenOnce(file: string, text: string): Promise<string> {
  const staged = await stagedBeside(file, text);
  try {
    await link(staged, file);
    await syncFolder(dirname(file));
    return text;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    return await readFile(file, 'utf8');
  } finally {
    await rm(staged, { force: true });
  }
}

/** Does the work while no other process has this file's lock. @throws AppError unavailable when it is not free in time */
export async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  await makeFolder(dirname(file));
  const { lock } = await import('proper-lockfile');
  let release: () => Promise<void>;
  try {
    release = await lock(file, {
      realpath: false,
      stale: STALE_MS,
      update: SIGN_OF_LIFE_MS,
      retries: { retries: WAIT_MS / AGAIN_MS, factor: 1, minTimeout: AGAIN_MS, maxTimeout: AGAIN_MS, randomize: true },
      // What is done under the lock is safe to be done twice; losing it is no reason to end the process.
      onCompromised: () => undefined,
    });
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `Another process holds ${file}.lock for more than a minute. If none runs, remove that folder.`,
      { cause },
    );
  }
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

async function stagedBeside(file: string, text: string): Promise<string> {
  await makeFolder(dirname(file));
  const staged = `${file}.${process.pid}-${crypto.randomUUID()}`;
  const handle = await open(staged, 'wx', OWNER_ONLY);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return staged;
}

async function makeFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  if (made !== undefined && process.platform !== 'win32') await chmod(folder, OWNER_ONLY_FOLDER);
}

/** So that the name, too, survives a loss of power. Not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (handle === undefined) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
