// The few things asked of S3, in this library's words: what is not there is undefined, a server that does not answer is `unavailable`.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { AppError } from '@labmesh/contracts';
import type { ByteRange } from '../blob-store.js';

export interface S3Object {
  /** Without the place's prefix. */
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** So much goes in one request, with the checksum of the whole; more goes in parts of this size. Each is in memory, to be sent again. */
const PART_BYTES = 8 * 1024 * 1024;
/** Parts on their way at once: with their size, what a write keeps in memory. */
const PARTS_AT_ONCE = 2;

export class S3Objects {
  constructor(
    private readonly client: S3Client,
    readonly bucket: string,
    readonly prefix: string,
  ) {}

  /** The same bucket, names below one folder. */
  below(folder: string): S3Objects {
    return new S3Objects(this.client, this.bucket, `${this.prefix}${folder}/`);
  }

  async stat(name: string): Promise<S3Object | undefined> {
    const found = await asked(() => this.client.send(new HeadObjectCommand(this.#at(name))));
    if (found === undefined) return undefined;
    return { name, bytes: found.ContentLength ?? 0, modifiedAt: found.LastModified ?? new Date(0) };
  }

  async read(name: string, range?: ByteRange): Promise<Readable | undefined> {
    const part = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` };
    const found = await asked(() => this.client.send(new GetObjectCommand({ ...this.#at(name), ...part })));
    return found?.Body as Readable | undefined;
  }

  /** There whole or not at all. `sha256` in hexadecimal. */
  async putFile(name: string, { path, bytes, sha256 }: { path: string; bytes: number; sha256: string }): Promise<void> {
    const object = { ...this.#at(name), ContentType: 'application/octet-stream' };
    if (bytes <= PART_BYTES) {
      const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64');
      const Body = await readFile(path);
      await asked(() => this.client.send(new PutObjectCommand({ ...object, Body, ChecksumSHA256 })));
      return;
    }
    const { Upload } = await import('@aws-sdk/lib-storage');
    const params = {
      ...object,
      Body: createReadStream(path, { highWaterMark: 1024 * 1024 }),
      ChecksumAlgorithm: 'SHA256' as const,
    };
    await asked(() =>
      new Upload({ client: this.client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done(),
    );
  }

  async remove(name: string): Promise<void> {
    await asked(() => this.client.send(new DeleteObjectCommand(this.#at(name))));
  }

  async *list(): AsyncGenerator<S3Object> {
    const pages = paginateListObjectsV2({ client: this.client }, { Bucket: this.bucket, Prefix: this.prefix });
    for await (const page of answered(pages))
      for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? [])
        yield { name: Key.slice(this.prefix.length), bytes: Size, modifiedAt: LastModified };
  }

  /** Gives up writes in parts that began before then and never came to their end; answers how many. */
  async abortWrites(before: Date): Promise<number> {
    const old: Array<{ Key: string; UploadId: string }> = [];
    for (let from: Marker | undefined = {}; from !== undefined; ) {
      const page = await this.#writesFrom(from);
      for (const { Key, UploadId, Initiated = new Date() } of page?.Uploads ?? [])
        if (Key !== undefined && UploadId !== undefined && Initiated < before) old.push({ Key, UploadId });
      from =
        page?.IsTruncated === true
          ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
          : undefined;
    }
    for (const upload of old)
      await asked(() => this.client.send(new AbortMultipartUploadCommand({ Bucket: this.bucket, ...upload })));
    return old.length;
  }

  #writesFrom(from: Marker): Promise<ListMultipartUploadsCommandOutput | undefined> {
    const asks = { Bucket: this.bucket, Prefix: this.prefix, ...from };
    return asked(() => this.client.send(new ListMultipartUploadsCommand(asks)));
  }

  /** @throws AppError unavailable */
  async ping(): Promise<void> {
    const pages = paginateListObjectsV2(
      { client: this.client, pageSize: 1 },
      { Bucket: this.bucket, Prefix: this.prefix },
    );
    for await (const _first of answered(pages)) return;
  }

  #at(name: string) {
    return { Bucket: this.bucket, Key: `${this.prefix}${name}` };
  }
}

interface Marker {
  readonly KeyMarker?: string | undefined;
  readonly UploadIdMarker?: string | undefined;
}

async function* answered<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* pages;
  } catch (error) {
    throw unavailable(error);
  }
}

async function asked<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const { name } = error as Error;
    if (name === 'NotFound' || name === 'NoSuchKey') return undefined;
    throw unavailable(error);
  }
}

const unavailable = (cause: unknown): AppError =>
  cause instanceof AppError
    ? cause
    : new AppError(
        'unavailable',
        `The place for bytes in S3 does not answer as it should (${(cause as Error).name}). Look at the bucket, the keys and the address in BLOBS_URL, and try again.`,
        { cause },
      );
