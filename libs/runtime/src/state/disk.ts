// Where this process keeps things on disk, and how much room the file systems there have left.
import { statfs } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { blobsFolder, type LabConfig } from '../config.js';
import type { Readings } from '../readings.js';

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

export interface Place {
  readonly name: 'home' | 'blobs';
  readonly path: string;
}

/** What lies elsewhere, as in S3, is no place on a disk. */
export function placesOf(config: Pick<LabConfig, 'home' | 'blobsUrl'>, keepsFiles: boolean): Place[] {
  const { home, blobsUrl } = config;
  const blobs = blobsUrl === undefined ? blobsFolder(config) : folderOf(blobsUrl);
  return [
    { name: 'home', path: home },
    ...(keepsFiles && blobs !== undefined ? [{ name: 'blobs' as const, path: blobs }] : []),
  ];
}

const folderOf = (url: string): string | undefined => (url.startsWith('file:') ? fileURLToPath(url) : undefined);

/** Shows the room at each place, read at a scrape. */
export function watchPlaces(places: readonly Place[], readings: Readings): void {
  for (const { name: place, path } of places) {
    readings.add('diskTotal', async () => (await measureDisk(path)).totalBytes, { place });
    readings.add('diskAvailable', async () => (await measureDisk(path)).availableBytes, { place });
  }
}
