// What a place for bytes offers, whichever kind it is: content under its SHA-256, per namespace. Whose bytes they are, it never knows.
import type { Readable } from 'node:stream';
import { AppError } from '@labmesh/contracts';
import type { Uploads } from './uploads.js';

export interface BlobRef {
  /** Of the content, in small hexadecimal letters. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Content as it lies there. */
export interface StoredBlob extends BlobRef {
  /** When it was last put. */
  readonly modifiedAt: Date;
}

/** First and last byte, both within. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Content in pieces. */
export type BlobSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface PutOptions {
  /** What the content must hash to. */
  readonly sha256?: string | undefined;
  readonly bytesMax?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Content as a file of this machine, read only, until it is disposed of. */
export interface LocalCopy extends AsyncDisposable {
  readonly path: string;
}

/** The content of one namespace, which is an agent's name. Equal content is there once. */
export interface BlobStore {
  /**
   * Keeps what `source` yields, whole or not at all: it has a name only once all of it is on the disk. What is there already is
   * written anew, so it is young again to a collector, and whole if it was damaged.
   * @throws AppError invalid_input for another checksum than `sha256`, too_large above `bytesMax`, cancelled; whatever `source` throws.
   */
  put(source: BlobSource, options?: PutOptions): Promise<BlobRef>;
  stat(sha256: string): Promise<StoredBlob | undefined>;
  /**
   * The content, or a range of it that lies within. Read whole it is hashed on its way, and what is damaged ends in an error
   * before its last bytes are given.
   * @throws AppError not_found; invalid_input for a range outside of it
   */
  read(sha256: string, range?: ByteRange): Promise<Readable>;
  /** @throws AppError not_found, cancelled */
  localCopy(sha256: string, signal?: AbortSignal): Promise<LocalCopy>;
  /** Does nothing where there is none. */
  remove(sha256: string): Promise<void>;
  /** In no order. What comes and goes meanwhile may be in it or not. */
  list(): AsyncIterable<StoredBlob>;
  /** Removes what writers left behind that nobody has written to since `before`, and says how many. */
  sweep(before: Date): Promise<number>;
}

/** One place for bytes, for all agents of a lab. */
export interface Blobs {
  readonly kind: 'folder' | 's3';
  of(namespace: string): BlobStore;
  readonly uploads: Uploads;
  /** @throws AppError unavailable when it can't be reached or written */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Injection token of the process's one Blobs. */
export const BLOBS: unique symbol = Symbol('BLOBS');

export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** A hash becomes a path, so it must never be anything else. @throws AppError invalid_input */
export function assertSha256(text: string): void {
  if (!isSha256(text))
    throw new AppError(
      'invalid_input',
      'Cannot use this checksum: a SHA-256 is 64 hexadecimal digits in small letters.',
    );
}

/** Agents' names; `uploads` is the gateway's own place. @throws AppError internal */
export function assertNamespace(namespace: string): void {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(namespace) || namespace === 'uploads')
    throw new AppError('internal', `There is no place for bytes called "${namespace}"`);
}

export const noBlob = (sha256: string): AppError =>
  new AppError('not_found', `Cannot find the content ${sha256}: it is not stored here.`);

/** @throws AppError invalid_input unless the range lies within so many bytes */
export function assertWithin({ start, end }: ByteRange, bytes: number): void {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end < bytes) return;
  throw new AppError('invalid_input', `Cannot read bytes ${start} to ${end}: there are ${bytes}, counted from 0.`);
}
