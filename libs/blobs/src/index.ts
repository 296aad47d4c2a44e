// The door of @labmesh/blobs: one place for bytes, a folder or S3, and who names what is in it.
export {
  BLOBS,
  type BlobRef,
  type BlobSource,
  type BlobStore,
  type Blobs,
  type ByteRange,
  type LocalCopy,
  type PutOptions,
  type StoredBlob,
} from './blob-store.js';
export { openBlobs } from './open-blobs.js';
export { BlobCollector, type Collected } from './references/blob-collector.repository.js';
export {
  type BlobQuotas,
  type BlobReference,
  BlobReferences,
  type NewReference,
} from './references/blob-references.repository.js';
export { type FinishedUpload, UPLOAD_METADATA, type Uploads, type UploadsPlace } from './uploads.js';
