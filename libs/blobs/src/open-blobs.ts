// Opens the place for bytes that the settings ask for. Whoever uses it never needs to know which kind it is.
import { fileURLToPath } from 'node:url';
import { AppError } from '@labmesh/contracts';
import type { Blobs } from './blob-store.js';
import { openFolder } from './folder/folder-blobs.js';

/**
 * `url`: `file:///shared/folder`, or `s3://bucket/prefix?endpoint=http://…&region=…`; left out, `folder`.
 * @throws AppError invalid_input for another address, unavailable when the place can't be used
 */
export async function openBlobs(options: { url?: string | undefined; folder: string }): Promise<Blobs> {
  if (options.url === undefined) return openFolder(options.folder);
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (url?.protocol === 'file:' && url.host === '') return openFolder(fileURLToPath(url));
  // S3's client is 400 files that a lab without it does not read.
  if (url?.protocol === 's3:') return (await import('./s3/s3-blobs.js')).openS3(url, options.folder);
  throw new AppError(
    'invalid_input',
    'Cannot open the place for bytes: BLOBS_URL must look like file:///shared/folder or s3://bucket/prefix.',
  );
}
