// Keeps the files that a job's globs name, once nothing of it runs any more.
import type { BlobStore } from '@labmesh/blobs';
import type { FileOfJob } from '@labmesh/jobs';
import { isMeant } from './glob.js';
import { leftFiles, putFile } from './left-files.js';

export interface ArtifactOptions {
  readonly folder: string;
  readonly globs: readonly string[];
  readonly store: BlobStore;
}

/** @throws AppError too_large; whatever the place for bytes throws */
export async function keepArtifacts(
  { folder, globs, store }: ArtifactOptions,
  keep: (files: readonly FileOfJob[]) => Promise<boolean>,
): Promise<void> {
  const wanted = (await leftFiles(folder)).filter(({ path }) => globs.some((glob) => isMeant(path, glob)));
  const kept: FileOfJob[] = [];
  for (const one of wanted) {
    const ref = await putFile(store, folder, one);
    if (ref !== undefined) kept.push({ path: one.path, ...ref });
  }
  if (kept.length > 0) await keep(kept);
}
