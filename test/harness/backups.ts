// A lab carried away and brought back, by the command as people run it: what the backup tests share.
import { rm } from 'node:fs/promises';
import { freePort, temporaryFolder } from '@labmesh/testing';
import { type Ended, labmesh } from './command.js';
import { type Lab, labAt, labChild } from './lab-under-test.js';

export const PASSPHRASE = { LABMESH_BACKUP_PASSPHRASE: 'helium, argon, krypton' };

export interface Facts {
  readonly id: string;
  readonly rows: number;
  readonly tables: ReadonlyArray<{ readonly name: string; readonly rows: number; readonly sha256: string }>;
  readonly content: { readonly count: number; readonly bytes: number; readonly missing: readonly unknown[] };
  readonly keys: string;
}

/** Nothing but a folder that may become a lab's: gone after what was begun in it later has ended. */
export async function emptyPlace(): Promise<Pick<Lab, 'home' | 'url'> & AsyncDisposable> {
  const home = await temporaryFolder('restored');
  return {
    home,
    url: `http://127.0.0.1:${await freePort()}`,
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}

/** What a command printed. @throws Error with what it says when it did not do its work */
export async function printed(ended: Promise<Ended>): Promise<string> {
  const { code, out, err } = await ended;
  if (code !== 0) throw new Error(`the command ended with ${code}: ${err}${out}`);
  return out;
}

export async function asJson<T>(ended: Promise<Ended>): Promise<T> {
  return JSON.parse(await printed(ended)) as T;
}

export const backup = (lab: Pick<Lab, 'home' | 'url'>, file: string, ...more: string[]): Promise<Ended> =>
  labmesh(lab, ['backup', '--out', file, '--json', ...more], PASSPHRASE);
export const restore = (lab: Pick<Lab, 'home' | 'url'>, file: string, ...more: string[]): Promise<Ended> =>
  labmesh(lab, ['restore', file, '--json', ...more], PASSPHRASE);

/** What recomputing its books says. A lab that has just started on a busy machine may have to be asked again. */
export async function booksOf(lab: Pick<Lab, 'home' | 'url'>): Promise<unknown> {
  const UNAVAILABLE = 7;
  let ended = await labmesh(lab, ['ledger', 'verify', '--json']);
  for (let tries = 1; tries < 20 && ended.code === UNAVAILABLE; tries += 1)
    ended = await labmesh(lab, ['ledger', 'verify', '--json']);
  return asJson(Promise.resolve(ended));
}

/** Tables that a lab does not write to by itself while nobody calls it. */
export const steady = ({ tables }: Facts) => tables.filter(({ name }) => !/blob_upkeep$/.test(name));

export interface StartedLab extends Lab, AsyncDisposable {}

/** A lab in one process on what was restored. @throws Error with what it printed when it does not start */
export async function startOn(
  { home, url }: Pick<Lab, 'home' | 'url'>,
  env: Record<string, string> = {},
): Promise<StartedLab> {
  const port = Number(new URL(url).port);
  const child = labChild({ port, home, env });
  await child.until(() => child.output.includes('LabMesh is ready'));
  return { ...labAt({ mode: 'lab', port, home }), [Symbol.asyncDispose]: async () => void (await child.stop()) };
}
