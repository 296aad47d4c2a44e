// The content of one namespace in a folder: `<first two digits>/<sha256>`, and `tmp/` for what is being written.
import { open, opendir, rm, stat } from 'node:fs/promises';
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
import { writeTemporary } from './durable-file.js';
import { entriesOf, unlessMissing } from './folder-entries.js';

const TEMPORARY = 'tmp';

export class FolderStore implements BlobStore {
  constructor(private readonly folder: string) {}

  async put(source: BlobSource, options: PutOptions = {}): Promise<BlobRef> {
    if (options.sha256 !== undefined) assertSha256(options.sha256);
    const checked = new CheckedBytes(options);
    const file = await writeTemporary(join(this.folder, TEMPORARY), checked.of(source));
    try {
      const ref = checked.end();
      await file.keepAs(this.#pathOf(ref.sha256));
      return ref;
    } finally {
      await file.discard();
    }
  }

  async stat(sha256: string): Promise<StoredBlob | undefined> {
    assertSha256(sha256);
    const found = await unlessMissing(stat(this.#pathOf(sha256)));
    return found === undefined ? undefined : { sha256, bytes: found.size, modifiedAt: found.mtime };
  }

  async read(sha256: string, range?: ByteRange): Promise<Readable> {
    assertSha256(sha256);
    const file = await unlessMissing(open(this.#pathOf(sha256), 'r'));
    if (file === undefined) throw noBlob(sha256);
    try {
      if (range === undefined) return verified(file.createReadStream(), sha256);
      assertWithin(range, (await file.stat()).size);
      return file.createReadStream({ start: range.start, end: range.end });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async localCopy(sha256: string, signal?: AbortSignal): Promise<LocalCopy> {
    refuseAborted(signal);
    if ((await this.stat(sha256)) === undefined) throw noBlob(sha256);
    return { path: this.#pathOf(sha256), [Symbol.asyncDispose]: () => Promise.resolve() };
  }

  async remove(sha256: string): Promise<void> {
    assertSha256(sha256);
    await rm(this.#pathOf(sha256), { force: true });
  }

  async *list(): AsyncGenerator<StoredBlob> {
    const folders = await unlessMissing(opendir(this.folder));
    if (folders === undefined) return;
    for await (const { name } of folders) {
      if (!/^[0-9a-f]{2}$/.test(name)) continue;
      for await (const entry of entriesOf(join(this.folder, name)))
        if (isSha256(entry.name)) yield { sha256: entry.name, bytes: entry.bytes, modifiedAt: entry.modifiedAt };
    }
  }

  async sweep(before: Date): Promise<number> {
    let removed = 0;
    for await (const { path, modifiedAt } of entriesOf(join(this.folder, TEMPORARY))) {
      if (modifiedAt >= before) continue;
      await rm(path, { force: true });
      removed += 1;
    }
    return removed;
  }

  #pathOf(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256);
  }
}
