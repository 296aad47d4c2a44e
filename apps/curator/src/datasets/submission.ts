// The bytes of a submission: sent inline as text or base64, or fetched from an allowed address. Strict about all three.
import { AppError, type curator, DATASET_BYTES_MAX, type ToolInput } from '@labmesh/contracts';
import type { CuratorConfig } from '../config.js';
import { encodeUtf8 } from '../formats/text.js';
import { download, shownUrl } from '../sources/download.js';

type Submission = Pick<ToolInput<(typeof curator.tools)['submit_dataset']>, 'content' | 'encoding' | 'format' | 'url'>;

export interface Obtained {
  readonly bytes: Buffer;
  /** For the provenance, when the submission names no source. */
  readonly from: string;
}

/** @throws AppError invalid_input, too_large, forbidden, cancelled or upstream_failed. */
export async function obtain(
  submission: Submission,
  { config, signal }: { config: CuratorConfig; signal: AbortSignal },
): Promise<Obtained> {
  const { content, url } = submission;
  if ((content === undefined) === (url === undefined)) {
    throw new AppError('invalid_input', 'Cannot store the dataset: give either content or url, one of the two.');
  }
  if (url !== undefined) {
    const limits = { allow: config.fetchAllow, timeoutMs: config.fetchTimeoutMs, bytesMax: DATASET_BYTES_MAX };
    const fetched = await download(url, limits, signal);
    return { bytes: fetched.bytes, from: shownUrl(fetched.url) };
  }
  const bytes = inlineBytes(content ?? '', submission);
  if (bytes.length > DATASET_BYTES_MAX) throw tooLarge(bytes.length);
  return { bytes, from: 'Submitted by its owner' };
}

function inlineBytes(content: string, { encoding, format }: Submission): Buffer {
  // A character is at least one byte, four of base64 are three.
  const least = encoding === 'base64' ? Math.floor((content.length / 4) * 3) - 2 : content.length;
  if (least > DATASET_BYTES_MAX) throw tooLarge(least);
  switch (encoding) {
    case 'utf8':
      if (format === 'parquet')
        throw new AppError('invalid_input', 'Cannot take Parquet as text: send it with encoding "base64".');
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
