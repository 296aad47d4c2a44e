// The master key: from the settings, else from a file made at first start. It is never written anywhere else.
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';

const KEY_BYTES = 32;

export interface MasterKeySource {
  /** From the settings: used as it is. */
  readonly given?: Buffer | undefined;
  readonly home: string;
  /** True while nothing is sealed yet. Afterwards a new key could open nothing, and would only hide that one is lost. */
  readonly mayMake: boolean;
}

/**
 * The 32 bytes that seal private keys. Two processes on one folder get the same: the file appears whole, once.
 * @throws AppError unavailable when there is no key, or the file is not one.
 */
export async function masterKeyOf({ given, home, mayMake }: MasterKeySource): Promise<Buffer> {
  if (given) return given;
  const path = join(home, 'master.key');
  const text = (await readIfThere(path)) ?? (mayMake ? await makeOnce(path) : undefined);
  if (text === undefined) {
    throw new AppError(
      'unavailable',
      `Cannot open the signing key: ${path} is not there. Restore it from a backup, or set LABMESH_MASTER_KEY to the value every replica uses.`,
    );
  }
  return keyIn(path, text);
}

const NEXT_FILE = 'master.key.next';

/** The key in the file of the next one, if there is such a file. @throws AppError unavailable when it is not a key */
export async function nextMasterKeyOf(home: string): Promise<Buffer | undefined> {
  const path = join(home, NEXT_FILE);
  const text = await readIfThere(path);
  return text === undefined ? undefined : keyIn(path, text);
}

/** The same, made when there is none: whoever asks at once gets one. */
export async function makeNextMasterKey(home: string): Promise<Buffer> {
  const path = join(home, NEXT_FILE);
  return (await nextMasterKeyOf(home)) ?? keyIn(path, await makeOnce(path));
}

/** The next key is the key: in one step, so that at any moment a file with each key that is needed is there. */
export const promoteNextMasterKey = (home: string): Promise<void> =>
  rename(join(home, NEXT_FILE), join(home, 'master.key'));

function keyIn(path: string, text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== KEY_BYTES || key.toString('base64url') !== text.trim()) {
    throw new AppError(
      'unavailable',
      `Cannot use ${path}: it is not a key of ${KEY_BYTES} bytes. Restore it from a backup.`,
    );
  }
  return key;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** `link` fails when the name is taken and otherwise shows the finished file: no reader sees half a key. */
async function makeOnce(path: string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(path, 'utf8');
}
