// A project's files to and from the lab, as an archive whose hash is checked.

import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { ARCHIVE_BYTES_MAX, type ProjectFile, packArchive, sha256Of, unpackArchive } from '@labmesh/projects';
import { uploaded } from '../lab/local-upload.js';
import type { Work } from '../session.js';

interface Archive {
  readonly blobId: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** @throws AppError upstream_failed when what came is not what was told */
export async function fetched({ lab, output }: Pick<Work, 'lab' | 'output'>, archive: Archive): Promise<ProjectFile[]> {
  if (archive.bytes > ARCHIVE_BYTES_MAX)
    throw new AppError('too_large', 'The archive is larger than any project may be.');
  const bar = await output.transfer(archive.bytes, 'project');
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of await lab.blob(archive.blobId, 0)) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > archive.bytes) break;
      bar.at(bytes);
    }
  } finally {
    bar.end();
  }
  const whole = Buffer.concat(chunks);
  if (sha256Of(whole) !== archive.sha256)
    throw new AppError('upstream_failed', 'What came is not the project that the lab told of. Try again.');
  return unpackArchive([whole]);
}

/** @returns the id of the upload */
export async function sent(
  work: Pick<Work, 'lab' | 'output'>,
  files: readonly ProjectFile[],
  name: string,
): Promise<string> {
  const archive = await packArchive(files);
  const path = join(tmpdir(), `labmesh-${process.pid}-${randomBytes(6).toString('hex')}.tar.gz`);
  const [bytes, sha256] = [archive.byteLength, sha256Of(archive)];
  try {
    await writeFile(path, archive, { mode: 0o600, flag: 'wx' });
    return (await uploaded(work, { path, bytes, name: `${name}.tar.gz`, title: name, sha256 })).uploadId;
  } finally {
    await rm(path, { force: true });
  }
}
