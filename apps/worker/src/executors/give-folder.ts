// A job that runs as another user than the worker gets its folder.
import { lchown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** All of it, but for what links point at. */
export async function giveFolder(path: string, owner: { uid: number; gid: number }): Promise<void> {
  if ((await lstat(path)).isDirectory())
    for (const name of await readdir(path)) await giveFolder(join(path, name), owner);
  await lchown(path, owner.uid, owner.gid);
}
