// How bytes that somebody brought are given to a browser: to be saved, never to be run. Types that a browser would act on go as plain
// bytes, and whatever a browser opens all the same may do nothing.
import type { OpenedBlob } from '@labmesh/contracts';
import { create } from 'content-disposition';

/** Types that no browser runs. What is not here (HTML, SVG, XML, scripts, PDF, and all that is to come) is bytes. */
const INERT: ReadonlySet<string> = new Set([
  'application/gzip',
  'application/json',
  'application/openmetrics-text',
  'application/vnd.apache.arrow.file',
  'application/vnd.apache.arrow.stream',
  'application/vnd.apache.parquet',
  'application/x-ndjson',
  'application/x-tar',
  'application/yaml',
  'application/zip',
  'application/zstd',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/csv',
  'text/plain',
  'text/tab-separated-values',
]);
const BYTES = 'application/octet-stream';

/** The type as it may leave. Of its parameters only the one charset stays that the lab knows. */
export function inertType(mediaType: string): string {
  const [type = '', ...parameters] = mediaType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (!INERT.has(type)) return BYTES;
  return parameters.some((parameter) => /^charset="?utf-8"?$/.test(parameter)) ? `${type}; charset=utf-8` : type;
}

/** For a header and a file system: no control characters, no folders, nothing that begins or ends it oddly. */
function fileName(name: string): string {
  const plain = name
    .normalize('NFC')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[/\\:*?"<>|]|\p{Surrogate}/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '');
  return plain || 'download';
}

/** @param etag strong, with its quotes */
export const inertHeaders = ({ sha256, mediaType, name }: OpenedBlob, etag: string): Record<string, string> => ({
  ...keptHeaders(etag),
  'accept-ranges': 'bytes',
  'content-type': inertType(mediaType),
  'content-disposition': create(fileName(name)),
  'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
});

/** What an answer says that repeats nothing. Who has the bytes asks before they are used again: rights may have changed. */
export const keptHeaders = (etag: string): Record<string, string> => ({
  etag,
  'cache-control': 'private, no-cache',
  vary: 'Authorization',
});
