// The bytes of a submission: sent inline as text or base64, uploaded before, or fetched from an allowed address. Strict about all.
import { buffer } from 'node:stream/consumers';
import type { Uploads } from '@labmesh/blobs';
import { AppError, type Call, type curator, DATASET_BYTES_MAX, FORMATS, type ToolInput } from '@labmesh/contracts';
import type { CuratorConfig } from '../config.js';
import { encodeUtf8 } from '../formats/text.js';
import { download } from '../sources/download.js';
import { shownUrl } from '../sources/exchange.js';

type Submission = Pick<
  ToolInput<(typeof curator.tools)['submit_dataset']>,
  'content' | 'encoding' | 'format' | 'uploadId' | 'url'
>;

export interface Obtained {
  readonly bytes: Buffer;
  /** For the provenance, when the submission names no source. */
  readonly from: string;
}

interface From {
  readonly config: CuratorConfig;
  readonly uploads: Uploads;
  readonly call: Pick<Call, 'principal' | 'signal'>;
}

/** @throws AppError invalid_input, too_large, forbidden, cancelled, upstream_failed, or not_found for an upload. */
export async function obtain(submission: Submission, { config, uploads, call }: From): Promise<Obtained> {
  const { content, uploadId, url } = submission;
  if ([content, uploadId, url].filter((given) => given !== undefined).length !== 1) {
    throw new AppError('invalid_input', 'Cannot store the dataset: give content, uploadId or url, one of the three.');
  }
  if (uploadId !== undefined) return uploaded(uploadId, uploads, call.principal.walletId);
  if (url !== undefined) {
    const limits = { allow: config.fetchAllow, timeoutMs: config.fetchTimeoutMs, bytesMax: DATASET_BYTES_MAX };
    const fetched = await download(url, limits, call.signal);
    return { bytes: fetched.bytes, from: shownUrl(fetched.url) };
  }
  const bytes = inlineBytes(content ?? '', submission);
  if (bytes.length > DATASET_BYTES_MAX) throw tooLarge(bytes.length);
  return { bytes, from: 'Submitted by its owner' };
}

/** What a client brought to the gateway before, byte for byte. */
async function uploaded(uploadId: string, uploads: Uploads, walletId: string): Promise<Obtained> {
  const found = await uploads.find(uploadId, walletId);
  if (found !== undefined && found.bytes > DATASET_BYTES_MAX) throw tooLarge(found.bytes);
  // Without one of this wallet's, opening says what is wrong.
  const bytes = await buffer(await uploads.open(uploadId, walletId));
  return {
    bytes,
    from: found?.name === undefined ? 'Uploaded by its owner' : `Uploaded by its owner as ${plain(found.name)}`,
  };
}

/** A client's word for a file, as part of a sentence. */
const plain = (name: string): string => name.replace(/[\p{C}\p{Surrogate}]/gu, ' ').slice(0, 200);

function inlineBytes(content: string, { encoding, format }: Submission): Buffer {
  // A character is at least one byte, four of base64 are three.
  const least = encoding === 'base64' ? Math.floor((content.length / 4) * 3) - 2 : content.length;
  if (least > DATASET_BYTES_MAX) throw tooLarge(least);
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

const tooLarge = (bytes: number): AppError =>
  new AppError(
    'too_large',
    `Cannot store ${bytes} bytes: a dataset holds at most ${DATASET_BYTES_MAX}. Split it, or send it as Parquet.`,
  );
