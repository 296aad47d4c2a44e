// Uploads in a folder, as `@tus/file-store` writes them: bytes in `<id>`, the record in `<id>.json`.
import { createReadStream } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type FinishedUpload, isUploadId, noUpload, readRecord, type Uploads, type UploadsPlace } from '../uploads.js';
import { entriesOf, unlessMissing } from './folder-entries.js';

const RECORD = '.json';

export class FolderUploads implements Uploads {
  readonly place: UploadsPlace;

  constructor(private readonly folder: string) {
    this.place = { kind: 'folder', path: folder };
  }

  async find(uploadId: string, walletId: string): Promise<FinishedUpload | undefined> {
    if (!isUploadId(uploadId)) return undefined;
    const path = join(this.folder, uploadId);
    const text = await unlessMissing(readFile(`${path}${RECORD}`, 'utf8'));
    const record = text === undefined ? undefined : readRecord(text);
    if (record === undefined || record.walletId !== walletId) return undefined;
    const file = await unlessMissing(stat(path));
    if (file === undefined || file.size !== record.size) return undefined;
    const { name, mediaType } = record;
    return {
      uploadId,
      bytes: file.size,
      ...(name === undefined ? {} : { name }),
      ...(mediaType === undefined ? {} : { mediaType }),
      finishedAt: file.mtime,
    };
  }

  async open(uploadId: string, walletId: string): Promise<AsyncIterable<Uint8Array>> {
    if ((await this.find(uploadId, walletId)) === undefined) throw noUpload(uploadId);
    return createReadStream(join(this.folder, uploadId));
  }

  async remove(uploadId: string): Promise<void> {
    if (!isUploadId(uploadId)) return;
    // The bytes first: a record without bytes is no upload, bytes without a record are swept.
    await rm(join(this.folder, uploadId), { force: true });
    await rm(join(this.folder, `${uploadId}${RECORD}`), { force: true });
  }

  async sweep(before: Date): Promise<number> {
    const removed = new Set<string>();
    for await (const { name, modifiedAt } of entriesOf(this.folder)) {
      const uploadId = name.endsWith(RECORD) ? name.slice(0, -RECORD.length) : name;
      // A record is as old as its upload's beginning: the bytes say whether somebody still writes.
      if (modifiedAt >= before || !isUploadId(uploadId) || (await this.#isYounger(uploadId, before))) continue;
      await this.remove(uploadId);
      removed.add(uploadId);
    }
    return removed.size;
  }

  async #isYounger(uploadId: string, before: Date): Promise<boolean> {
    const file = await unlessMissing(stat(join(this.folder, uploadId)));
    return file !== undefined && file.mtime >= before;
  }
}
