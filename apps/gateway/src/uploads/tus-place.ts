// The store of the tus library for the place that uploads lie in: a folder, or S3, whose library is loaded only then.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { UploadsPlace } from '@labmesh/blobs';
import { UPLOAD_KEPT_MS } from '@labmesh/endpoint';
import { FileStore } from '@tus/file-store';
import type { DataStore, Upload } from '@tus/utils';

export interface TusPlace {
  readonly store: DataStore;
  /** What the store knows an upload by. */
  keyOf(uploadId: string): string;
  uploadIdOf(key: string): string;
  /** All that was written of it is on the disk. */
  settle(uploadId: string): Promise<void>;
}

const OTHER_SERVERS_REGION = 'us-east-1';

/** A length that is told at the end could not be checked at the beginning. */
const NOT_OFFERED = 'creation-defer-length';

export async function openTusPlace(place: UploadsPlace): Promise<TusPlace> {
  const opened = place.kind === 'folder' ? folderPlace(place) : await s3Place(place);
  opened.store.extensions = opened.store.extensions.filter((extension) => extension !== NOT_OFFERED);
  return opened;
}

/** Undefined when there is none, or no more. */
export async function uploadIn({ store, keyOf }: TusPlace, uploadId: string): Promise<Upload | undefined> {
  try {
    return await store.getUpload(keyOf(uploadId));
  } catch (error) {
    const { status_code: status } = error as { status_code?: number };
    if (status === 404 || status === 410) return undefined;
    throw error;
  }
}

function folderPlace({ path }: UploadsPlace & { kind: 'folder' }): TusPlace {
  return {
    store: new FileStore({ directory: path, expirationPeriodInMilliseconds: UPLOAD_KEPT_MS }),
    keyOf: (uploadId) => uploadId,
    uploadIdOf: (key) => key,
    async settle(uploadId) {
      const file = await open(join(path, uploadId), 'r+');
      try {
        await file.datasync();
      } finally {
        await file.close();
      }
    },
  };
}

async function s3Place({ bucket, prefix, endpoint, region }: UploadsPlace & { kind: 's3' }): Promise<TusPlace> {
  const { S3Store } = await import('@tus/s3-store');
  return {
    store: new S3Store({
      expirationPeriodInMilliseconds: UPLOAD_KEPT_MS,
      useTags: false,
      // What another replica has removed must not be remembered here.
      cache: { get: async () => undefined, set: async () => {}, delete: async () => {} },
      s3ClientConfig: {
        bucket,
        // As libs/blobs asks there: other servers than AWS have no regions, and no names of hosts for buckets.
        ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true, region: OTHER_SERVERS_REGION }),
        ...(region === undefined ? {} : { region }),
      },
    }),
    keyOf: (uploadId) => `${prefix}${uploadId}`,
    uploadIdOf: (key) => key.slice(prefix.length),
    settle: () => Promise.resolve(),
  };
}
