// Puts the lab into a client's settings or takes it out: whole or not at all, with a copy of what was there.
import { chmod, copyFile, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { createTwoFilesPatch } from 'diff';
import { writePrivate } from '../places/private-file.js';
import type { Client } from './clients.js';
import { merged } from './merging.js';

interface Change {
  readonly client: Client;
  readonly file: string;
  readonly mcpUrl: string;
  /** Stands in the file only where the client has no other way. */
  readonly key: string;
  readonly remove: boolean;
}

export interface Planned {
  /** Where the file really is, behind a link. */
  readonly target: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly mode: number;
}

const OWNER_ONLY = 0o600;
const USUAL = 0o644;

/** What the change would make of the file. Nothing is touched. @throws AppError conflict for a file that cannot be changed safely */
export async function planned({ client, file, mcpUrl, key, remove }: Change): Promise<Planned> {
  const target = await realpath(file).catch(() => file);
  const before = await textOf(target);
  const entries = client.entries(mcpUrl, key);
  const after = merged({ form: client.form, text: before, entries, remove, file });
  const { mode = USUAL } = (await stat(target).catch(() => undefined)) ?? {};
  return { target, before, after, mode: client.key === 'file' ? OWNER_ONLY : mode & 0o777 };
}

/** @returns the copy of what was there; undefined when there was nothing, or nothing changed */
export async function carriedOut({ target, before, after, mode }: Planned): Promise<string | undefined> {
  if (after === undefined || after === before) return undefined;
  await mkdir(dirname(target), { recursive: true });
  const copy = `${target}.before-labmesh`;
  if (before !== undefined) {
    await copyFile(target, copy);
    await chmod(copy, mode);
  }
  await writePrivate(target, after);
  await chmod(target, mode);
  return before === undefined ? undefined : copy;
}

export const differenceOf = ({ target, before = '', after = '' }: Planned): string =>
  before === after ? '' : createTwoFilesPatch(target, target, before, after, 'now', 'then', { context: 3 });

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new AppError('forbidden', `Cannot read ${file}: ${message}`, { cause });
  }
}
