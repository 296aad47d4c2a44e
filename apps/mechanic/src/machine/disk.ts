// How much room the file system with the lab's data has left.
import { statfs } from 'node:fs/promises';

export interface DiskFigures {
  readonly path: string;
  readonly totalBytes: number;
  /** What an ordinary user may still write. */
  readonly availableBytes: number;
}

/** Rejects with Node's own error when the folder cannot be reached. */
export async function measureDisk(path: string): Promise<DiskFigures> {
  const { bsize, blocks, bavail } = await statfs(path);
  return { path, totalBytes: blocks * bsize, availableBytes: bavail * bsize };
}
