// A place for bytes in S3: `<namespace>/…` for each agent, `uploads/` for what clients bring, all below one prefix.
import { join } from 'node:path';
import { assertNamespace, type BlobStore, type Blobs } from '../blob-store.js';
import { S3Objects } from './s3-objects.js';
import { s3Client, s3Place } from './s3-place.js';
import { S3Store } from './s3-store.js';
import { S3Uploads } from './s3-uploads.js';

const UPLOADS = 'uploads';

/** @param folder of this machine, for what is on its way. @throws AppError invalid_input for the address, unavailable */
export async function openS3(url: URL, folder: string): Promise<Blobs> {
  const place = s3Place(url);
  const client = s3Client(place);
  const objects = new S3Objects(client, place.bucket, place.prefix);
  const { bucket, prefix, endpoint, region } = place;
  const uploads = new S3Uploads(objects.below(UPLOADS), {
    kind: 's3',
    bucket,
    prefix: `${prefix}${UPLOADS}/`,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
  });
  try {
    await objects.ping();
  } catch (error) {
    client.destroy();
    throw error;
  }
  return {
    kind: 's3',
    of(namespace): BlobStore {
      assertNamespace(namespace);
      return new S3Store(objects.below(namespace), join(folder, 'spool', namespace));
    },
    uploads,
    ping: () => objects.ping(),
    close: async () => client.destroy(),
  };
}
