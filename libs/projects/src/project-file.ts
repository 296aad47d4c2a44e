// One file of a project, in memory: projects are small, and their limits say how small.
import { createHash } from 'node:crypto';
import { AppError } from '@labmesh/contracts';
import { checkedPaths } from './checked-path.js';
import { PROJECT_LIMITS } from './project-limits.js';

export interface ProjectFile {
  /** Inside the project, with `/` between folders; contained, as `checkedPath` says. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** In the one order that archives, lists and hashes of projects have, which no language decides. */
export const byPath = <T extends { readonly path: string }>(files: readonly T[]): T[] =>
  [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

/** Whether two are the same content with the same right to be run. */
export const sameFile = (a: ProjectFile, b: ProjectFile): boolean =>
  a.executable === b.executable && Buffer.compare(a.bytes, b.bytes) === 0;

/** UTF-8 without a zero byte: what can be merged and shown line by line. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The files, when paths and sizes are right. @throws AppError invalid_input, too_large */
export function checkedFiles(files: readonly ProjectFile[]): readonly ProjectFile[] {
  let bytes = 0;
  if (files.length > PROJECT_LIMITS.files) throw tooMany(`more than ${PROJECT_LIMITS.files} files`);
  for (const file of files) {
    bytes += file.bytes.byteLength;
    if (file.bytes.byteLength > PROJECT_LIMITS.fileBytes)
      throw tooMany(`a file of more than ${PROJECT_LIMITS.fileBytes} bytes (${file.path})`);
    if (bytes > PROJECT_LIMITS.bytes) throw tooMany(`more than ${PROJECT_LIMITS.bytes} bytes`);
  }
  checkedPaths(files.map(({ path }) => path));
  return files;
}

export const tooMany = (what: string): AppError =>
  new AppError(
    'too_large',
    `Cannot take these files for a project: there are ${what}. Keep data elsewhere, as a dataset.`,
  );
