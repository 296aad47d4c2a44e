// Files that clients uploaded at the gateway, by the tus protocol, and that agents take from. Each has a record beside its bytes that
// says whose it is; to every other wallet it does not exist.
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

export interface FinishedUpload {
  readonly uploadId: string;
  readonly bytes: number;
  /** As the client named it: words of a stranger. */
  readonly name?: string;
  readonly mediaType?: string;
  readonly finishedAt: Date;
}

/** Where the gateway's tus store writes. */
export type UploadsPlace =
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly prefix: string;
      readonly endpoint?: string;
      readonly region?: string;
    };

export interface Uploads {
  readonly place: UploadsPlace;
  /** Undefined when there is none, it is not whole yet, or it is another wallet's. */
  find(uploadId: string, walletId: string): Promise<FinishedUpload | undefined>;
  /** @throws AppError not_found as `find` */
  open(uploadId: string, walletId: string): Promise<AsyncIterable<Uint8Array>>;
  /** Does nothing where there is none. It does not ask whose it is. */
  remove(uploadId: string): Promise<void>;
  /** Removes those, finished or not, that were last written to before then, and says how many. */
  sweep(before: Date): Promise<number>;
}

/** Names of what the gateway writes into the metadata of a tus upload. */
export const UPLOAD_METADATA = { wallet: 'walletId', name: 'filename', mediaType: 'filetype' } as const;

/** What the tus stores write beside an upload, as far as it matters here. */
const UploadRecord = z.object({
  /** Missing while the client has not said how long the upload will be. */
  size: z.number().int().nonnegative().optional(),
  metadata: z.record(z.string(), z.string().nullable()).optional(),
});

export interface ReadRecord {
  readonly walletId: string | undefined;
  readonly size: number | undefined;
  readonly name?: string;
  readonly mediaType?: string;
}

/** Undefined for what is no such record: half written, or something else. */
export function readRecord(text: string): ReadRecord | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = UploadRecord.safeParse(json);
  if (!parsed.success) return undefined;
  const { size, metadata = {} } = parsed.data;
  const name = metadata[UPLOAD_METADATA.name];
  const mediaType = metadata[UPLOAD_METADATA.mediaType];
  return {
    walletId: metadata[UPLOAD_METADATA.wallet] ?? undefined,
    size,
    ...(name ? { name } : {}),
    ...(mediaType ? { mediaType } : {}),
  };
}

/** An id becomes a path. */
export const isUploadId = (text: string): boolean => /^[A-Za-z0-9_-]{1,100}$/.test(text);

export const noUpload = (uploadId: string): AppError =>
  new AppError(
    'not_found',
    `Cannot find the upload ${uploadId.slice(0, 100)}: there is no finished one of yours. Unfinished ones go on where they stopped; those that nobody used are removed after a while.`,
  );
