// What an agent lets be read as bytes beside MCP, as values: blobs, each by an id that is a row of the agent's own. Where the bytes
// lie, and how they travel, nothing here may know.
import { z } from 'zod';
import type { Call } from './call.js';
import type { Permission } from './permissions.js';

export interface BlobsSpec {
  /** What one is, and who may read which. */
  readonly description: string;
  readonly permission: Permission;
  /**
   * Tools whose answers lead to a blob, by gateway name: a token whose toolset names one of them may read what it was told of.
   */
  readonly through?: readonly string[];
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const FORM = new RegExp(`^blob_([a-z][a-z0-9-]{0,62})_${UUID}$`);

export const BlobId = z
  .string()
  .regex(FORM, 'a blob id looks like blob_, the name of its agent and a UUID')
  .describe('Id of bytes that an agent keeps, as a link to them has it');

/** @param uuid a UUIDv7 */
export const blobId = (agent: string, uuid: string): string => `blob_${agent}_${uuid}`;

/** The agent whose blob this is, whether it exists or not; undefined for what is no blob's id. */
export const agentOfBlob = (id: string): string | undefined => FORM.exec(id)?.[1];

/** Where blobs are at the gateway. */
export const BLOBS_PATH = '/blobs/';

/** @param publicUrl the gateway's, without a slash at the end */
export const blobUrl = (publicUrl: string, id: string): string => `${publicUrl}${BLOBS_PATH}${id}`;

export const BLOB_NAME_MAX = 255;
export const BLOB_TYPE_MAX = 255;

/** What is read, for whom it was opened. */
export const OpenedBlob = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  /** As whoever brought it said: a stranger's word. */
  mediaType: z.string().min(1).max(BLOB_TYPE_MAX),
  /** A file name for whoever saves it, without a folder. */
  name: z.string().min(1).max(BLOB_NAME_MAX),
});
export type OpenedBlob = z.output<typeof OpenedBlob>;

export interface BlobHandler {
  /** @throws AppError not_found for what does not exist or is not the caller's to read */
  open(id: string, call: Call): Promise<OpenedBlob> | OpenedBlob;
}

/** The name of opening a blob, on the bus and in the audit log. */
export const BLOB_OPEN = 'blob:open';

/** A file that a client brings, until an agent takes it over. */
export const UploadId = z
  .string()
  .regex(new RegExp(`^up_${UUID}$`), 'an upload id looks like up_ and a UUID')
  .describe('Id of an upload: the last part of its address');

/** @param uuid a UUIDv7 */
export const uploadId = (uuid: string): string => `up_${uuid}`;
