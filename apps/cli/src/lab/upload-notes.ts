// Notes of unfinished uploads, one small file each: by them the next command finds what it has to go on with. An address in one is
// of use only with its owner's token.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PreviousUpload, UploadOptions } from 'tus-js-client';

type UrlStorage = NonNullable<UploadOptions['urlStorage']>;

/** @param folder made when it is needed */
export function uploadNotes(folder: string): UrlStorage {
  const fileOf = (fingerprint: string): string =>
    join(folder, `${createHash('sha256').update(fingerprint).digest('hex').slice(0, 32)}.json`);
  return {
    findAllUploads: async () => [],
    findUploadsByFingerprint: async (fingerprint) => {
      const note = await readFile(fileOf(fingerprint), 'utf8').catch(() => undefined);
      return note === undefined ? [] : readNote(note, fileOf(fingerprint));
    },
    removeUpload: (file) => rm(file, { force: true }),
    addUpload: async (fingerprint, upload) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = fileOf(fingerprint);
      await writeFile(file, JSON.stringify(upload), { mode: 0o600 });
      return file;
    },
  };
}

/** One that was cut off while it was written is none. */
function readNote(text: string, file: string): PreviousUpload[] {
  try {
    return [{ ...(JSON.parse(text) as PreviousUpload), urlStorageKey: file }];
  } catch {
    return [];
  }
}
