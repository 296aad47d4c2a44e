// An attempt's folder: made new, filled with what the job was given, emptied after its end. Nothing that a job leaves in it leads
// the worker out of it: links are never followed.
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BlobStore } from '@labmesh/blobs';
import { AppError, ARTIFACTS_FOLDER, OWN_FOLDERS } from '@labmesh/contracts';
import type { ClaimedAttempt, FileOfJob } from '@labmesh/jobs';

export const SCRIPT = '.labmesh/script';
const OWN = [...OWN_FOLDERS, ARTIFACTS_FOLDER];
const PRIVATE = 0o700;
const AT_ONCE = 4;
/** Of a path that its job gave, and that cannot be: trying it anew would help nobody. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ...['EEXIST', 'ENOTDIR', 'EISDIR'].map((code) => [code, 'another file has its place.'] as const),
  ...['ENAMETOOLONG', 'EINVAL'].map(
    (code) => [code, 'no file can have that name. Give it a shorter, plainer one.'] as const,
  ),
]);

/** Empty, whatever a worker that is gone left of an attempt of this number. */
export async function newFolder(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true, mode: PRIVATE });
  await mkdir(folder, { mode: PRIVATE }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: PRIVATE });
  });
  await Promise.all(OWN.map((own) => mkdir(join(folder, own), { mode: PRIVATE })));
}

/**
 * Puts the job's files, and what its last attempt kept as a checkpoint, into its folder.
 * @throws AppError invalid_input when two of them stand in each other's way, or one has a name that no file can have;
 * whatever the place for bytes throws
 */
export async function stageFiles(
  { files, checkpoints, spec }: Pick<ClaimedAttempt, 'files' | 'checkpoints' | 'spec'>,
  { folder, store, signal }: { readonly folder: string; readonly store: BlobStore; readonly signal: AbortSignal },
): Promise<void> {
  const prefix = spec.checkpoints;
  if (prefix !== undefined)
    await mkdir(join(folder, prefix), { recursive: true, mode: PRIVATE }).catch((error: unknown) => {
      throw refused(prefix, error);
    });
  const given = new Set(files.map(({ path }) => path));
  const all = [
    ...files,
    ...checkpoints
      .filter(({ path }) => prefix !== undefined && !given.has(path))
      .map((file) => ({ ...file, mode: 0o644 })),
  ];
  const next = all.values();
  const work = async (): Promise<void> => {
    for (const file of next) {
      signal.throwIfAborted();
      await stage(file, { folder, store, signal });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function stage(
  { path, mode, sha256 }: FileOfJob & { readonly mode: number },
  { folder, store, signal }: { readonly folder: string; readonly store: BlobStore; readonly signal: AbortSignal },
): Promise<void> {
  const content = await store.read(sha256);
  const place = join(folder, path);
  try {
    await mkdir(dirname(place), { recursive: true, mode: PRIVATE });
    const file = await open(place, 'wx', mode & 0o777);
    await pipeline(content, file.createWriteStream(), { signal });
  } catch (error) {
    content.destroy();
    throw refused(path, error);
  }
}

function refused(path: string, error: unknown): unknown {
  const why = REFUSED.get((error as NodeJS.ErrnoException).code ?? '');
  return why === undefined ? error : new AppError('invalid_input', `Cannot put ${path} into the job’s folder: ${why}`);
}

/** What to start: the command, or the script as a file of the folder. */
export async function commandOf({ spec }: Pick<ClaimedAttempt, 'spec'>, folder: string): Promise<string[]> {
  if (spec.script === undefined) return [...(spec.command ?? [])];
  const place = join(folder, SCRIPT);
  const file = await open(place, 'wx', PRIVATE);
  try {
    await file.writeFile(spec.script);
  } finally {
    await file.close();
  }
  return [...(spec.script.startsWith('#!') ? [] : ['sh']), place, ...spec.arguments];
}
