// A file that a source has, before it is read.
import { createHash } from 'node:crypto';

export interface SourceFile {
  /** In the collection. */
  readonly path: string;
  /** Of its bytes; reads them only where nobody knows it. */
  sha256(): Promise<string>;
  read(): Promise<Uint8Array>;
}

export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

/** All that a source has now. */
export interface Offered {
  readonly files: readonly SourceFile[];
  readonly skipped: readonly Skipped[];
  readonly commit: string | null;
  /** Of a repository: the branch, tag or commit that was asked for. */
  readonly ref?: string;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const inMemory = (path: string, bytes: Uint8Array): SourceFile => ({
  path,
  sha256: async () => sha256Of(bytes),
  read: async () => bytes,
});
