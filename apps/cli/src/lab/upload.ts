// A large file on its way to the lab, by the tus protocol: in pieces, and taken up again where it broke off, by the next command too.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AppError, ERROR_CODES, type ErrorCodeName } from '@labmesh/contracts';
import { type Attempt, httpFailure, unreachable } from './failure.js';
import { uploadNotes } from './upload-notes.js';

interface UploadOptions extends Attempt {
  readonly token: string | undefined;
  readonly path: string;
  readonly name: string;
  /** Hex: the lab refuses other bytes. */
  readonly sha256: string;
  readonly onBytes: (sent: number) => void;
  /** Where unfinished uploads are noted. */
  readonly notes: string;
}

const PIECE_BYTES = 16 * 1024 * 1024;
const RETRY_MS = [0, 1_000, 3_000, 10_000];

/** The upload's id. @throws AppError; what was sent before is kept by the lab, and the same command goes on */
export async function upload(options: UploadOptions): Promise<string> {
  const { url, token, path, name, sha256, signal, onBytes, notes } = options;
  const [{ Upload }, { size }] = await Promise.all([import('tus-js-client'), stat(path)]);
  return new Promise((resolve, reject) => {
    const sending = new Upload(createReadStream(path), {
      endpoint: `${url}/uploads`,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      metadata: { filename: name, sha256 },
      uploadSize: size,
      chunkSize: PIECE_BYTES,
      retryDelays: RETRY_MS,
      urlStorage: uploadNotes(notes),
      // The same bytes for the same lab go on, wherever the file lies now.
      fingerprint: async () => `${url} ${sha256} ${size}`,
      removeFingerprintOnSuccess: true,
      onProgress: onBytes,
      onError: (error) => reject(failureOf(error, options)),
      onSuccess: () => resolve(sending.url?.split('/').at(-1) ?? ''),
    });
    signal.addEventListener('abort', () => {
      void sending.abort();
      reject(unreachable(options, signal.reason));
    });
    sending.findPreviousUploads().then(([earlier]) => {
      if (earlier !== undefined) sending.resumeFromPreviousUpload(earlier);
      sending.start();
    }, reject);
  });
}

/** What the lab said, where it was the lab. */
function failureOf(error: Error, attempt: Attempt): AppError {
  const response = 'originalResponse' in error ? (error.originalResponse as TusResponse | null) : null;
  if (response === null) return unreachable(attempt, error);
  const text = response.getBody();
  try {
    const { code, message } = JSON.parse(text) as { code?: unknown; message?: unknown };
    if (typeof code === 'string' && Object.hasOwn(ERROR_CODES, code) && typeof message === 'string')
      return new AppError(code as ErrorCodeName, message, { cause: error });
  } catch {
    // no JSON: something else answered
  }
  return httpFailure({ status: response.getStatus(), text }, attempt, error);
}

interface TusResponse {
  getStatus(): number;
  getBody(): string;
}
