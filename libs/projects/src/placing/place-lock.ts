// Keeps two from placing files into one folder at once, for as long as either lives: `.<name>.labmesh-lock` beside it. It must never
// take a lock whose owner may still run.
import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AppError } from '@labmesh/contracts';

/** `birth` tells a process from a later one with the same pid; '' where the system does not say. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly birth: string;
  readonly nonce: string;
}

const HEARTBEAT_MS = 5_000;
/** A process of another machine cannot be asked; silent this long, it is gone. */
const SILENT_MS = 30_000;
/** A lock is written in one go: older than this and unreadable, its writer died at it. */
const UNWRITTEN_MS = 2_000;

export const lockPath = (target: string): string => join(dirname(target), `.${basename(target)}.labmesh-lock`);

/** Held until it is disposed of. @throws AppError conflict when another has it */
export async function lockPlace(target: string): Promise<AsyncDisposable> {
  const path = lockPath(target);
  const owner: Owner = { pid: process.pid, host: hostname(), birth: await birthOf(process.pid), nonce: randomUUID() };
  const text = JSON.stringify(owner);
  if (!(await create(path, text))) {
    await removeStale(path, target);
    if (!(await create(path, text))) throw inUse(target);
  }
  const heartbeat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat);
      if ((await ownerOf(path))?.nonce === owner.nonce) await rm(path, { force: true });
    },
  };
}

/** False when it is there already. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Only the holder of the takeover file may remove a lock, so that nobody removes the one just made by another. */
async function removeStale(path: string, target: string): Promise<void> {
  const takeover = `${path}-takeover`;
  if (((await ageMs(takeover)) ?? 0) > UNWRITTEN_MS) await rm(takeover, { force: true });
  if (!(await create(takeover, ''))) throw inUse(target);
  try {
    if (await mayBeAlive(path)) throw inUse(target);
    await rm(path, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
}

async function mayBeAlive(path: string): Promise<boolean> {
  const silentMs = await ageMs(path);
  if (silentMs === undefined) return false; // given back meanwhile
  const owner = await ownerOf(path);
  if (owner === undefined) return silentMs < UNWRITTEN_MS;
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

async function ownerOf(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** Undefined when the file is not there. */
const ageMs = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => undefined,
  );

const inUse = (target: string): AppError =>
  new AppError(
    'conflict',
    `Cannot write to ${target}: another is writing there at this moment. Look at what it makes, then try again.`,
  );
