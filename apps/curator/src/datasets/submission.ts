// The bytes of a submission: sent inline as text or base64, uploaded before, or fetched from an allowed address. Strict about all.
import { buffer } from 'node:stream/consumers';
import type { BlobRef, BlobReferences, Uploads } from '@labmesh/blobs';
import { AppError, type Call, type curator, DATASET_BYTES_MAX, FORMATS, type ToolInput } from '@labmesh/contracts';
import type { CuratorConfig } from '../config.js';
import { isStreamed, STREAMED_FORMATS } from '../engine/table-lines.js';
import { type DataFormat, encodeUtf8 } from '../formats/text.js';
import { download } from '../sources/download.js';
import { shownUrl } from '../sources/exchange.js';

/** Most bytes from an address at once. */
const FETCH_BYTES_MAX = 10 * 1024 ** 3;

type Submission = Pick<
  ToolInput<(typeof curator.tools)['submit_dataset']>,
  'content' | 'encoding' | 'format' | 'uploadId' | 'url'
>;

/** For the provenance, when the submission names no source. */
interface Told {
  readonly from: string;
}

/** What is small is in memory; what may be larger was put, and nothing names it yet. */
export type Obtained = Told & ({ readonly bytes: Buffer } | { readonly content: BlobRef });

interface From {
  readonly config: CuratorConfig;
  readonly uploads: Uploads;
  readonly references: BlobReferences;
  readonly call: Pick<Call, 'principal' | 'signal'>;
}

/** @throws AppError invalid_input, too_large, quota_exceeded, forbidden, cancelled, upstream_failed, or not_found for an upload. */
export async function obtain(submission: Submission, from: From): Promise<Obtained> {
  const { content, uploadId, url } = submission;
  if ([content, uploadId, url].filter((given) => given !== undefined).length !== 1) {
    throw new AppError('invalid_input', 'Cannot store the dataset: give content, uploadId or url, one of the three.');
  }
  if (uploadId !== undefined) return uploaded(uploadId, submission, from);
  if (url !== undefined) return fetched(url, submission, from);
  const bytes = inlineBytes(content ?? '', submission);
  if (bytes.length > DATASET_BYTES_MAX) throw tooLarge(bytes.length, 'inline');
  return { bytes, from: 'Submitted by its owner' };
}

/** What a client brought to the gateway before, byte for byte. */
async function uploaded(
  uploadId: string,
  { format }: Submission,
  { uploads, references, call }: From,
): Promise<Obtained> {
  const { principal, signal } = call;
  const found = await uploads.find(uploadId, principal.walletId);
  const large = found !== undefined && found.bytes > DATASET_BYTES_MAX;
  if (large && !isStreamed(format)) throw tooLarge(found.bytes, format);
  // Before anything is copied.
  if (large) await references.refuseBeyond(principal, found.bytes);
  // Without one of this wallet's, opening says what is wrong.
  const source = await uploads.open(uploadId, principal.walletId);
  const from = found?.name === undefined ? 'Uploaded by its owner' : `Uploaded by its owner as ${plain(found.name)}`;
  return large
    ? { content: await references.store.put(source, { signal }), from }
    : { bytes: await buffer(source), from };
}

/** As it comes, into the place for bytes; what turns out to be small is read from there. */
async function fetched(url: string, { format }: Submission, { config, references, call }: From): Promise<Obtained> {
  const { principal, signal } = call;
  const { store } = references;
  const room = await references.roomOf(principal);
  const bytesMax = isStreamed(format)
    ? Math.max(DATASET_BYTES_MAX, Math.min(room, FETCH_BYTES_MAX))
    : DATASET_BYTES_MAX;
  const limits = { allow: config.fetchAllow, timeoutMs: config.fetchTimeoutMs, bytesMax, signal };
  const { taken, url: last } = await download(url, limits, (body) => store.put(body, { signal }));
  const from = shownUrl(last);
  return taken.bytes > DATASET_BYTES_MAX
    ? { content: taken, from }
    : { bytes: await buffer(await store.read(taken.sha256)), from };
}

/** A client's word for a file, as part of a sentence. */
const plain = (name: string): string => name.replace(/[\p{C}\p{Surrogate}]/gu, ' ').slice(0, 200);

function inlineBytes(content: string, { encoding, format }: Submission): Buffer {
  // A character is at least one byte, four of base64 are three.
  const least = encoding === 'base64' ? Math.floor((content.length / 4) * 3) - 2 : content.length;
  if (least > DATASET_BYTES_MAX) throw tooLarge(least, 'inline');
  switch (encoding) {
    case 'utf8':
      if (FORMATS[format].binary)
        throw new AppError('invalid_input', `Cannot take ${format} as text: send it with encoding "base64".`);
      if (/\p{Surrogate}/u.test(content))
        throw new AppError(
          'invalid_input',
          'Cannot take the content: it holds half of a surrogate pair. Send the bytes as base64.',
        );
      return encodeUtf8(content);
    case 'base64': {
      const bytes = Buffer.from(content, 'base64');
      if (bytes.toString('base64') !== content.replace(/[\r\n]/g, '')) {
        throw new AppError('invalid_input', 'Cannot take the content: it is not base64 (RFC 4648, with padding).');
      }
      return bytes;
    }
  }
}

/** Says how more can be brought. */
export const tooLarge = (bytes: number, how: DataFormat | 'inline'): AppError =>
  new AppError(
    'too_large',
    `Cannot store ${bytes} bytes ${how === 'inline' ? 'sent inline' : `of ${how}`}: at most ${DATASET_BYTES_MAX} may come that way. Data in ${STREAMED_FORMATS.join(', ')} may be larger, as an upload (uploadId) or from an address (url).`,
  );
