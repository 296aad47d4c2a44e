// Keeps a second process out of the embedded database's folder: two would overwrite each other without noticing.
// It must never take a lock whose owner may still run.
import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@labmesh/contracts';

/** `birth` tells a process from a later one with the same pid; '' where the system does not say. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly birth: string;
  readonly nonce: string;
}

export interface FolderLock {
  release(): Promise<void>;
}

const HEARTBEAT_MS = 5_000;
/** A process on another machine or in another container cannot be asked; silent this long, it is gone. */
const SILENT_MS = 30_000;
/** A lock or a takeover is written in one go: older than this and unreadable, its writer died at it. */
const UNWRITTEN_MS = 5_000;

/** Makes `<folder>.lock`; the folder's parent must exist. AppError `conflict` names who holds it; errors of the disk pass. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = `${folder}.lock`;
  const owner: Owner = { pid: process.pid, host: hostname(), birth: await birthOf(process.pid), nonce: randomUUID() };
  const text = JSON.stringify(owner);
  if (!(await create(path, text))) {
    await removeStale(path, folder);
    if (!(await create(path, text))) throw inUse(folder, path, await readOwner(path));
  }
  const heartbeat = setInterval(() => void touch(path), HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      if ((await readOwner(path))?.nonce === owner.nonce) await rm(path, { force: true });
    },
  };
}

/** False when it is there already. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Only the holder of the takeover file may remove a lock, so that nobody removes the one just made by another. */
async function removeStale(path: string, folder: string): Promise<void> {
  const takeover = `${path}.takeover`;
  if (((await ageMs(takeover)) ?? 0) > UNWRITTEN_MS) await rm(takeover, { force: true });
  if (!(await create(takeover, ''))) throw inUse(folder, path, await readOwner(path));
  try {
    const owner = await readOwner(path);
    if (await mayBeAlive(owner, path)) throw inUse(folder, path, owner);
    await rm(path, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
}

async function mayBeAlive(owner: Owner | undefined, path: string): Promise<boolean> {
  const silentMs = await ageMs(path);
  if (silentMs === undefined) return false; // given back meanwhile
  if (!owner) return silentMs < UNWRITTEN_MS;
  if (owner.host !== hostname()) return silentMs < SILENT_MS;
  if (!isRunning(owner.pid)) return false;
  const birth = await birthOf(owner.pid);
  return birth === '' || owner.birth === '' || birth === owner.birth;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it runs, as another user
  }
}

/** Linux: the boot, and the start of the process in clock ticks since (proc(5), field 22 of stat). */
async function birthOf(pid: number): Promise<string> {
  try {
    const [boot, line] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    const afterName = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return `${boot.trim()}/${afterName[19] ?? ''}`;
  } catch {
    return '';
  }
}

/** A lock being written is empty for a moment: looks again before it calls it unreadable. */
async function readOwner(path: string): Promise<Owner | undefined> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as Owner;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      await pause(20);
    }
  }
  return undefined;
}

/** Undefined when the file is not there. */
const ageMs = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => undefined,
  );

const touch = (path: string): Promise<void> => utimes(path, new Date(), new Date()).catch(() => undefined);

function inUse(folder: string, path: string, owner: Owner | undefined): AppError {
  const who = owner ? `process ${owner.pid} on ${owner.host}` : 'another process';
  return new AppError(
    'conflict',
    `Cannot open the database in ${folder}: ${who} uses it. Stop that process or choose another folder; if it is no LabMesh process, delete ${path}.`,
  );
}
