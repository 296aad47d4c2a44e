// Files of data that others labelled. They are not part of LabMesh: a bench without them says so.
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Beside the folder of LabMesh, unless another place is told. */
const USUAL = '../shared/data';

export interface LabelledFiles {
  readonly folder: string;
  /** Full paths, in the order of the names; none when the folder is not there. */
  readonly paths: readonly string[];
  /** What to say when there are none. */
  readonly notes: readonly string[];
}

export async function labelledFiles(kind: string, ending: string, told: string | undefined): Promise<LabelledFiles> {
  const folder = resolve(told ?? join(USUAL, kind));
  const names = await readdir(folder).catch(() => []);
  const paths = names
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
  const notes = paths.length > 0 ? [] : [`no ${ending} in ${folder}: say with --data where the labelled data is`];
  return { folder, paths, notes };
}
