// A lock that is a file, held for as long as its process lives, on whatever machine that is. It must never take a lock whose owner may
// still run.
import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** `birth` tells a process from a later one with the same pid; '' where the system does not say. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  readonly birth: string;
  readonly nonce: string;
}

export interface FileLock {
  /** The file, whose folder must exist. */
  readonly path: string;
  /** What is thrown while another has it, who may be unknown. */
  readonly inUse: (owner: LockOwner | undefined) => Error;
}

const HEARTBEAT_MS = 5_000;
/** A process on another machine or in another container cannot be asked; silent this long, it is gone. */
const SILENT_MS = 30_000;
/** A lock or a takeover is written in one go: older than this and unreadable, its writer died at it. */
const UNWRITTEN_MS = 5_000;

export interface HeldLock extends AsyncDisposable {
  release(): Promise<void>;
}

/** Held until it is released or disposed of. @throws what `inUse` makes; errors of the disk pass */
export async function lockFile({ path, inUse }: FileLock): Promise<HeldLock> {
  const owner: LockOwner = {
    pid: process.pid,
    host: hostname(),
    birth: await birthOf(process.pid),
    nonce: randomUUID(),
  };
  const text = JSON.stringify(owner);
  if (!(await create(path, text))) {
    await removeStale({ path, inUse });
    if (!(await create(path, text))) throw inUse(await readOwner(path));
  }
  const heartbeat = setInterval(() => void touch(path), HEARTBEAT_MS);
  heartbeat.unref();
  const release = async (): Promise<void> => {
    clearInterval(heartbeat);
    if ((await readOwner(path))?.nonce === owner.nonce) await rm(path, { force: true });
  };
  return { release, [Symbol.asyncDispose]: release };
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
async function removeStale({ path, inUse }: FileLock): Promise<void> {
  const takeover = `${path}.takeover`;
  if (((await ageMs(takeover)) ?? 0) > UNWRITTEN_MS) await rm(takeover, { force: true });
  if (!(await create(takeover, ''))) throw inUse(await readOwner(path));
  try {
    const owner = await readOwner(path);
    if (await mayBeAlive(owner, path)) throw inUse(owner);
    await rm(path, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
}

async function mayBeAlive(owner: LockOwner | undefined, path: string): Promise<boolean> {
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
async function readOwner(path: string): Promise<LockOwner | undefined> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as LockOwner;
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
