// Folders of projects on the lab's disk: <projects>/<wallet>/<name>. It never leaves them: a wallet's id and a name are plain words, and
// what stands in the way as a link is refused.
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import {
  checkedName,
  type FilePut,
  type Placement,
  placeFiles,
  type ProjectFile,
  readFolder,
  sha256Of,
  takeBackIn,
} from '@labmesh/projects';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { ARCHITECT_CONFIG, type ArchitectConfig } from '../config.js';

/** Being removed: moved out of the way by one name, then emptied. */
const TRASH = /^\..+\.labmesh-deleted-[0-9a-f]{12}$/;

@Injectable()
export class ProjectFolders {
  readonly #root: string | undefined;

  constructor(
    @Inject(ARCHITECT_CONFIG) { projectsFolder }: ArchitectConfig,
    @Inject(LAB_CONFIG) { home, natsUrl }: Pick<LabConfig, 'home' | 'natsUrl'>,
  ) {
    // Processes of a mesh have disks of their own, where nobody finds a folder again.
    this.#root = projectsFolder ?? (natsUrl === undefined ? join(home, 'projects') : undefined);
  }

  /** Whether the lab has a place for folders. */
  get kept(): boolean {
    return this.#root !== undefined;
  }

  /** Where a project's folder is or will be. @throws AppError invalid_input for a name that is a device, or where there is no place */
  of(owner: string, name: string): string {
    if (this.#root === undefined)
      throw new AppError(
        'invalid_input',
        'Cannot use a folder on the lab’s disk: this lab keeps none. Ask for place "archive", or let the operator set LABMESH_PROJECTS for the Architect.',
      );
    return join(this.#root, checkedName(owner), checkedName(name));
  }

  /** @throws AppError as `placeFiles` */
  async place(placement: Placement, signal?: AbortSignal): Promise<void> {
    await this.#makeAbove(placement.target);
    await placeFiles(placement, { signal });
  }

  /** Undefined where there is no folder. */
  async read(folder: string, also: readonly string[]): Promise<ProjectFile[] | undefined> {
    const found = await lstat(folder).catch(() => undefined);
    return found === undefined ? undefined : readFolder(folder, { also });
  }

  /** Takes away what was placed and is unchanged, and the folder when nothing else is in it. */
  async takeAway(folder: string, placed: readonly FilePut[]): Promise<void> {
    const there = new Map(
      (
        await this.read(
          folder,
          placed.map(({ path }) => path),
        )
      )?.map((file) => [file.path, file]) ?? [],
    );
    const remove = placed.flatMap(({ path, bytes }) => {
      const file = there.get(path);
      const sha256 = sha256Of(bytes);
      return file !== undefined && sha256Of(file.bytes) === sha256 ? [{ path, sha256 }] : [];
    });
    if (remove.length > 0) await placeFiles({ target: folder, put: [], remove });
    const folders = placed.flatMap(({ path }) => {
      const parts = path.split('/').slice(0, -1);
      return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
    });
    const deepest = [...new Set(folders)].sort().reverse();
    for (const below of [...deepest, '']) await rmdir(join(folder, below)).catch(() => undefined);
  }

  /** The whole folder, whatever is in it. Does nothing where there is none. */
  async remove(folder: string): Promise<void> {
    const trash = join(dirname(folder), `.${basename(folder)}.labmesh-deleted-${randomBytes(6).toString('hex')}`);
    try {
      await rename(folder, trash);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw new AppError('unavailable', `Cannot remove ${folder}: ${(error as Error).message}.`, { cause: error });
    }
    await rm(trash, { recursive: true, force: true });
  }

  /** Ends what was left half done by who is gone. */
  async tidy(): Promise<void> {
    if (this.#root === undefined) return;
    const owners = await readdir(this.#root, { withFileTypes: true }).catch(() => []);
    for (const { name } of owners.filter((entry) => entry.isDirectory())) {
      const folder = join(this.#root, name);
      await takeBackIn(folder);
      for (const entry of await readdir(folder))
        if (TRASH.test(entry)) await rm(join(folder, entry), { recursive: true, force: true });
    }
  }

  async #makeAbove(target: string): Promise<void> {
    const above = dirname(target);
    try {
      await mkdir(above, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new AppError('unavailable', `Cannot make the folder ${above}: ${(error as Error).message}.`, {
        cause: error,
      });
    }
    if (!(await lstat(above)).isDirectory())
      throw new AppError('conflict', `Cannot make a project in ${above}: it is a link, and a folder is needed.`);
  }
}
