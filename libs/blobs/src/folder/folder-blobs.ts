// A place for bytes in a folder: `<namespace>/…` for each agent, `uploads/` for what clients bring.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { assertNamespace, type BlobStore, type Blobs } from '../blob-store.js';
import { makeFolder } from './durable-file.js';
import { FolderStore } from './folder-store.js';
import { FolderUploads } from './folder-uploads.js';

const UPLOADS = 'uploads';

/** Makes the folder where it is missing. @throws AppError unavailable when it can't be made or written */
export async function openFolder(folder: string): Promise<Blobs> {
  const uploads = join(folder, UPLOADS);
  await makeFolder(uploads).catch((cause: unknown) => {
    throw unusable(folder, cause);
  });
  const ping = async (): Promise<void> => {
    try {
      await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (cause) {
      throw unusable(folder, cause);
    }
  };
  await ping();
  return {
    kind: 'folder',
    of(namespace): BlobStore {
      assertNamespace(namespace);
      return new FolderStore(join(folder, namespace));
    },
    uploads: new FolderUploads(uploads),
    ping,
    close: () => Promise.resolve(),
  };
}

const unusable = (folder: string, cause: unknown): AppError =>
  new AppError(
    'unavailable',
    `Cannot use the folder for bytes ${folder}: make it writable, or set BLOBS_URL to another place (${(cause as Error).message}).`,
    { cause },
  );
