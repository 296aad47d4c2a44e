// The record of a placement that is under way, in its staging folder: what a later start needs to take it back after a kill.
import { readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256Of } from '../project-file.js';
import { syncFolder, writeDurable } from './durable.js';
import type { Plan } from './placement.js';

const Journal = z.object({
  format: z.literal(1),
  put: z.array(z.object({ path: z.string(), sha256: z.string(), replaces: z.boolean() })),
  remove: z.array(z.string()),
  folders: z.array(z.string()),
});
export type Journal = z.infer<typeof Journal>;

const NAME = 'journal.json';
/** Files that were moved out of the way, by their place in the lists. */
export const oldPut = (staging: string, at: number): string => join(staging, `old-${at}`);
export const oldRemoved = (staging: string, at: number): string => join(staging, `removed-${at}`);

export async function writeJournal(staging: string, plan: Plan): Promise<Journal> {
  const journal: Journal = {
    format: 1,
    put: plan.put.map(({ path, bytes, replaces }) => ({
      path,
      sha256: sha256Of(bytes),
      replaces: replaces !== undefined,
    })),
    remove: plan.remove.map(({ path }) => path),
    folders: [...plan.folders],
  };
  await writeDurable(join(staging, `${NAME}.new`), Buffer.from(JSON.stringify(journal)), 0o600);
  await rename(join(staging, `${NAME}.new`), join(staging, NAME));
  await syncFolder(staging);
  return journal;
}

/** From here on the placement stands. */
export async function endJournal(staging: string): Promise<void> {
  await rm(join(staging, NAME), { force: true });
  await syncFolder(staging);
}

/** Undefined when none was written whole, or it was ended: then nothing is to be taken back. */
export async function readJournal(staging: string): Promise<Journal | undefined> {
  const text = await readFile(join(staging, NAME), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Journal.parse(JSON.parse(text));
}

/** The target as it was before, but for files that somebody changed since: those are theirs now. Safe to repeat. */
export async function undo(target: string, staging: string, journal: Journal): Promise<void> {
  for (const [at, { path, sha256, replaces }] of [...journal.put.entries()].reverse()) {
    const place = join(target, path);
    const found = await readFile(place).catch(() => undefined);
    const ours = found !== undefined && sha256Of(found) === sha256;
    if (replaces && (ours || found === undefined)) await rename(oldPut(staging, at), place).catch(ignoreMissing);
    else if (!replaces && ours) await rm(place, { force: true });
  }
  for (const [at, path] of journal.remove.entries()) {
    const place = join(target, path);
    if ((await readFile(place).catch(() => undefined)) === undefined)
      await rename(oldRemoved(staging, at), place).catch(ignoreMissing);
  }
  for (const folder of [...journal.folders].reverse()) await rmdir(join(target, folder)).catch(() => undefined);
}

/** It had not come to that file. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
