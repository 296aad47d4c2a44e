// Working files of a job, and paths in its folder: only such as a worker can make there. Part of the contract in mechanic.ts.
import { z } from 'zod';
import { BlobId, UploadId } from './blob.js';
import { ARTIFACTS_FOLDER, OWN_FOLDERS } from './mechanic-job-states.js';
import { holds } from './text-fields.js';
import { DatasetId } from './values.js';

/** Of one file or folder, on the file systems of Linux. */
const NAME_BYTES_MAX = 255;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

// NUL ends a text for the system: what follows would silently be left out.
export const Plain = z.string().refine((text) => !text.includes('\0'), 'must not contain NUL');
export const Path = holds(
  'path',
  Plain.min(1)
    .max(500)
    .refine(isInside, 'must be a path inside the job’s folder, such as data/flares.csv: no /, no ..')
    .refine(
      (path) => path.split('/').every((name) => bytesOf(name) <= NAME_BYTES_MAX),
      `must have no name longer than ${NAME_BYTES_MAX} bytes between its /: no file system takes one`,
    )
    .refine(
      (path) => !OWN_FOLDERS.has(path.split('/')[0] ?? ''),
      `must not lie in ${[...OWN_FOLDERS].join(' or ')}, which the lab has for itself`,
    ),
);

const FilePath = holds(
  'path',
  Path.refine(
    (path) => path !== ARTIFACTS_FOLDER,
    `must not be ${ARTIFACTS_FOLDER} itself, which is a folder: say ${ARTIFACTS_FOLDER}/a-name`,
  ),
);

function isInside(path: string): boolean {
  const parts = path.split('/');
  return (
    !path.startsWith('/') && !path.includes('\\') && parts.every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

export const JobFile = z
  .object({
    path: FilePath.describe('Where it goes in the job’s folder'),
    datasetId: DatasetId.optional(),
    version: z.int().positive().optional().describe('Of the dataset; the newest when left out'),
    format: z
      .enum(['json', 'ndjson', 'csv', 'parquet'])
      .optional()
      .describe('Of the dataset; as it is stored when left out'),
    blobId: BlobId.optional().describe('Bytes that you may read, such as another job’s artefact'),
    uploadId: UploadId.optional(),
    text: holds('code', Plain.max(256 * 1024))
      .optional()
      .describe('The content itself'),
    executable: z.boolean().default(false),
  })
  .refine(
    ({ datasetId, blobId, uploadId, text }) =>
      [datasetId, blobId, uploadId, text].filter((one) => one !== undefined).length === 1,
    'give one of datasetId, blobId, uploadId, text',
  );
