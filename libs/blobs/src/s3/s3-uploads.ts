// Uploads in S3, as `@tus/s3-store` writes them: bytes in `<id>`, the record in `<id>.info`, a rest on its way in `<id>.part`.
import { text } from 'node:stream/consumers';
import { type FinishedUpload, isUploadId, noUpload, readRecord, type Uploads, type UploadsPlace } from '../uploads.js';
import type { S3Objects } from './s3-objects.js';

const BESIDE = ['', '.info', '.part'] as const;

export class S3Uploads implements Uploads {
  constructor(
    private readonly objects: S3Objects,
    readonly place: UploadsPlace,
  ) {}

  async find(uploadId: string, walletId: string): Promise<FinishedUpload | undefined> {
    if (!isUploadId(uploadId)) return undefined;
    const info = await this.objects.read(`${uploadId}.info`);
    const record = info === undefined ? undefined : readRecord(await text(info));
    if (record === undefined || record.walletId !== walletId) return undefined;
    const found = await this.objects.stat(uploadId);
    if (found === undefined || found.bytes !== record.size) return undefined;
    const { name, mediaType } = record;
    return {
      uploadId,
      bytes: found.bytes,
      ...(name === undefined ? {} : { name }),
      ...(mediaType === undefined ? {} : { mediaType }),
      finishedAt: found.modifiedAt,
    };
  }

  async open(uploadId: string, walletId: string): Promise<AsyncIterable<Uint8Array>> {
    const found = await this.find(uploadId, walletId);
    const body = found === undefined ? undefined : await this.objects.read(uploadId);
    if (body === undefined) throw noUpload(uploadId);
    return body;
  }

  async remove(uploadId: string): Promise<void> {
    if (!isUploadId(uploadId)) return;
    for (const beside of BESIDE) await this.objects.remove(`${uploadId}${beside}`);
  }

  /** An unfinished one is as old as its beginning, or the last rest that came. */
  async sweep(before: Date): Promise<number> {
    const newest = new Map<string, Date>();
    for await (const { name, modifiedAt } of this.objects.list()) {
      const uploadId = name.replace(/\.(info|part)$/, '');
      const known = newest.get(uploadId);
      if (known === undefined || known < modifiedAt) newest.set(uploadId, modifiedAt);
    }
    const old = [...newest].filter(([uploadId, modifiedAt]) => modifiedAt < before && isUploadId(uploadId));
    for (const [uploadId] of old) await this.remove(uploadId);
    await this.objects.abortWrites(before);
    return old.length;
  }
}
