// Working files that a person names on the command line, as the lab takes them: texts inside of the call, all others as uploads.
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError, type mechanic } from '@labmesh/contracts';
import type { z } from 'zod';
import { localFile } from '../dataset/local-file.js';
import { uploaded } from '../lab/local-upload.js';
import type { Work } from '../session.js';

type Submission = z.input<typeof mechanic.tools.orchestrate_training_job.input>;
export type JobFile = NonNullable<Submission['files']>[number];

/** Texts up to this are in the call itself; all of them together stay well under what a call may be. */
const TEXT_BYTES_MAX = 64 * 1024;
const OWNER_MAY_RUN = 0o100;

/** "train.py", or "src/train.py=train.py": a file here, and where it goes in the job's folder. @throws AppError */
export async function localFiles(work: Work, named: readonly string[]): Promise<JobFile[]> {
  const files: JobFile[] = [];
  for (const name of named) files.push(await fileOf(work, name));
  return files;
}

async function fileOf(work: Work, named: string): Promise<JobFile> {
  const [from = '', to = basename(from)] = named.split('=', 2);
  const { path, bytes } = await localFile(from, work.host.cwd);
  const executable = ((await stat(path)).mode & OWNER_MAY_RUN) !== 0;
  const text = bytes <= TEXT_BYTES_MAX ? textOf(await readFile(path)) : undefined;
  if (text !== undefined) return { path: to, text, executable };
  const { uploadId } = await uploaded(work, { path, bytes, name: basename(path), title: to });
  return { path: to, uploadId, executable };
}

/** Undefined where it is no text that may be sent as such, byte for byte. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** "ds_…=data/flares.csv", "ds_…@3=data/flares.csv": a dataset of the lab, its version, and where it goes. @throws AppError */
export function datasetFiles(named: readonly string[]): JobFile[] {
  return named.map((text) => {
    const [, datasetId, version, path] = /^(ds_[\w-]+)(?:@(\d{1,9}))?(?:=(.+))?$/.exec(text) ?? [];
    if (datasetId === undefined || path === undefined)
      throw new AppError(
        'invalid_input',
        `Cannot read "${text}": name a dataset and where it goes, such as ds_…=data/flares.csv, or a version of it: ds_…@3=data/flares.csv`,
      );
    const format = /\.(json|ndjson|csv|parquet)$/.exec(path)?.[1] as 'json' | undefined;
    return {
      path,
      datasetId,
      ...(version === undefined ? {} : { version: Number(version) }),
      ...(format === undefined ? {} : { format }),
    };
  });
}
