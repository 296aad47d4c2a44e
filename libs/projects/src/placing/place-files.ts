// Puts files into a folder, all of them or none: staged beside it, brought to the disk, then moved in under a lock and a journal. What a
// kill leaves is a staging folder outside the target, which whoever comes next there, or the next start of the lab, takes back.
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { addName, modeOf, syncFolder, writeDurable } from './durable.js';
import { endJournal, oldPut, oldRemoved, readJournal, undo, writeJournal } from './journal.js';
import { lockPlace } from './place-lock.js';
import { type Placement, type Plan, plainFile, planOf } from './placement.js';

export interface PlacingStep {
  readonly step: 'staged' | 'journaled' | 'moved' | 'removed' | 'placed';
  readonly path: string;
}

export interface PlacingOptions {
  /** Told of each step when it is done; what it throws ends the placing, and all is taken back. */
  readonly onStep?: (step: PlacingStep) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Files on their way to the disk at once. */
const WRITERS = 8;

/** @throws AppError conflict: a file or another placing is in the way; cancelled; unavailable: the disk says no. Then nothing changed. */
export async function placeFiles(placement: Placement, options: PlacingOptions = {}): Promise<void> {
  const { target } = placement;
  await using _lock = await lockPlace(target).catch(asUnavailable(target));
  await takeBackOf(target);
  const plan = await planOf(placement);
  const staging = join(
    dirname(target),
    `.${basename(target)}.labmesh-${process.pid}-${randomBytes(6).toString('hex')}`,
  );
  try {
    await mkdir(staging, { mode: 0o700 });
    await stage(staging, plan, options);
    if (plan.whole) await placeWhole(target, staging);
    else await placeInto({ target, staging, plan }, options);
  } catch (error) {
    await takeBackStaging(target, staging);
    if (error instanceof AppError) throw error;
    return asUnavailable(target)(error as Error);
  }
  await rm(staging, { recursive: true, force: true });
  options.onStep?.({ step: 'placed', path: '' });
}

/** Ends what killed processes left in a folder of targets; answers the targets' names. What still runs is left alone. */
export async function takeBackIn(parent: string): Promise<string[]> {
  const entries = await readdir(parent).catch(() => []);
  const names = new Set(entries.map((entry) => /^\.(.+)\.labmesh-(?:lock|\d+-[0-9a-f]{12})$/.exec(entry)?.[1]));
  const ended: string[] = [];
  for (const name of names) {
    if (name === undefined) continue;
    try {
      await using _lock = await lockPlace(join(parent, name));
      await takeBackOf(join(parent, name));
      ended.push(name);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'conflict')) throw error;
    }
  }
  return ended;
}

/** For the holder of the target's lock: every staging folder there is of somebody who died. */
async function takeBackOf(target: string): Promise<void> {
  const own = `.${basename(target)}.labmesh-`;
  for (const entry of await readdir(dirname(target)).catch(() => []))
    if (entry.startsWith(own) && /^\d+-[0-9a-f]{12}$/.test(entry.slice(own.length)))
      await takeBackStaging(target, join(dirname(target), entry));
}

async function takeBackStaging(target: string, staging: string): Promise<void> {
  const journal = await readJournal(staging);
  if (journal !== undefined) {
    await undo(target, staging, journal);
    await endJournal(staging);
  }
  await rm(staging, { recursive: true, force: true });
}

const stagedAt = (staging: string, path: string): string => join(staging, 'new', path);

async function stage(staging: string, { put }: Plan, { onStep, signal }: PlacingOptions): Promise<void> {
  await mkdir(join(staging, 'new'), { mode: 0o755 });
  const waiting = [...put];
  const write = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      if (signal?.aborted === true) throw new AppError('cancelled', 'Gave up the files: the caller went away.');
      await writeDurable(stagedAt(staging, file.path), file.bytes, modeOf(file));
      onStep?.({ step: 'staged', path: file.path });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(WRITERS, put.length) }, write));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** One name for all: a kill leaves it done or not begun. */
async function placeWhole(target: string, staging: string): Promise<void> {
  await rename(join(staging, 'new'), target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST' || error.code === 'ENOTDIR')
      throw new AppError('conflict', `Cannot write to ${target}: something came there meanwhile. Nothing was changed.`);
    throw error;
  });
  await syncFolder(dirname(target));
}

async function placeInto(
  { target, staging, plan }: { target: string; staging: string; plan: Plan },
  { onStep }: PlacingOptions,
): Promise<void> {
  await writeJournal(staging, plan);
  onStep?.({ step: 'journaled', path: '' });
  for (const folder of plan.folders) await makeFolder(join(target, folder));
  for (const [at, { path, replaces }] of plan.put.entries()) {
    const place = join(target, path);
    const ready = stagedAt(staging, path);
    if (replaces === undefined) await addName(ready, place).catch(refuseTaken(place));
    else {
      await addName(place, oldPut(staging, at));
      if ((await plainFile(oldPut(staging, at)))?.sha256 !== replaces) throw taken(place);
      await rename(ready, place);
    }
    onStep?.({ step: 'moved', path });
  }
  for (const [at, { path }] of plan.remove.entries()) {
    await rename(join(target, path), oldRemoved(staging, at));
    onStep?.({ step: 'removed', path });
  }
  for (const folder of new Set(plan.put.map(({ path }) => dirname(join(target, path))))) await syncFolder(folder);
  await endJournal(staging);
}

async function makeFolder(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) await mkdir(path, { mode: 0o755 });
  else if (!found.isDirectory()) throw taken(path);
}

const taken = (place: string): AppError =>
  new AppError('conflict', `Cannot write ${place}: something else came there meanwhile. Nothing was changed.`);

const refuseTaken =
  (place: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw error.code === 'EEXIST' ? taken(place) : error;
  };

const asUnavailable =
  (target: string) =>
  (error: NodeJS.ErrnoException): never => {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'unavailable',
      `Cannot write to ${target}: ${error.code ?? error.message}. Nothing was changed.`,
      {
        cause: error,
      },
    );
  };
