// The content of one namespace in S3, under the names that a folder would have: `<first two digits>/<sha256>`. What is written goes
// through a file of this machine, since its name is known only when all of it has been seen.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  assertSha256,
  assertWithin,
  type BlobRef,
  type BlobSource,
  type BlobStore,
  type ByteRange,
  isSha256,
  type LocalCopy,
  noBlob,
  type PutOptions,
  type StoredBlob,
} from '../blob-store.js';
import { CheckedBytes, refuseAborted, verified } from '../checked-bytes.js';
import { writeTemporary } from '../folder/durable-file.js';
import { entriesOf } from '../folder/folder-entries.js';
import type { S3Objects } from './s3-objects.js';

export class S3Store implements BlobStore {
  /** @param spool a folder of this machine, for what is on its way */
  constructor(
    private readonly objects: S3Objects,
    private readonly spool: string,
  ) {}

  async put(source: BlobSource, options: PutOptions = {}): Promise<BlobRef> {
    if (options.sha256 !== undefined) assertSha256(options.sha256);
    const checked = new CheckedBytes(options);
    const file = await writeTemporary(this.spool, checked.of(source));
    try {
      const ref = checked.end();
      await this.objects.putFile(nameOf(ref.sha256), { ...ref, path: file.path });
      return ref;
    } finally {
      await file.discard();
    }
  }

  async stat(sha256: string): Promise<StoredBlob | undefined> {
    assertSha256(sha256);
    const found = await this.objects.stat(nameOf(sha256));
    return found === undefined ? undefined : { sha256, bytes: found.bytes, modifiedAt: found.modifiedAt };
  }

  async read(sha256: string, range?: ByteRange): Promise<Readable> {
    assertSha256(sha256);
    if (range !== undefined) {
      const found = await this.objects.stat(nameOf(sha256));
      if (found === undefined) throw noBlob(sha256);
      assertWithin(range, found.bytes);
    }
    const body = await this.objects.read(nameOf(sha256), range);
    if (body === undefined) throw noBlob(sha256);
    return range === undefined ? verified(body, sha256) : body;
  }

  async localCopy(sha256: string, signal?: AbortSignal): Promise<LocalCopy> {
    refuseAborted(signal);
    const copied = new CheckedBytes({ signal });
    const file = await writeTemporary(this.spool, copied.of(await this.read(sha256)));
    return { path: file.path, [Symbol.asyncDispose]: () => file.discard() };
  }

  async remove(sha256: string): Promise<void> {
    assertSha256(sha256);
    await this.objects.remove(nameOf(sha256));
  }

  async *list(): AsyncGenerator<StoredBlob> {
    for await (const { name, bytes, modifiedAt } of this.objects.list()) {
      const sha256 = name.slice(3);
      if (isSha256(sha256) && name === nameOf(sha256)) yield { sha256, bytes, modifiedAt };
    }
  }

  async sweep(before: Date): Promise<number> {
    let removed = await this.objects.abortWrites(before);
    for await (const { name, modifiedAt } of entriesOf(this.spool)) {
      if (modifiedAt >= before) continue;
      await rm(join(this.spool, name), { force: true });
      removed += 1;
    }
    return removed;
  }
}

const nameOf = (sha256: string): string => `${sha256.slice(0, 2)}/${sha256}`;
