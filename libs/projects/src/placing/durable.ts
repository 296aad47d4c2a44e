// Small steps on a disk that stay when the power goes: written, brought to the disk, named.
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What may be read by whom, whatever the process's mask: a private file by its owner alone. */
export const modeOf = (file: { readonly executable: boolean; readonly private?: boolean }): number =>
  (file.private === true ? 0o600 : 0o644) | (file.executable ? 0o111 : 0);

/** Makes a file that is not there, with the folders above it. */
export async function writeDurable(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(bytes);
    // The process's mask took bits off at its making.
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new name is in the folder's own data. Windows knows no such thing. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a file one more name, which nothing has yet. Some disks know no links: there it is copied. @throws EEXIST */
export async function addName(path: string, name: string): Promise<void> {
  try {
    await link(path, name);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(code)) throw error;
    await copyFile(path, name, constants.COPYFILE_EXCL);
  }
}
