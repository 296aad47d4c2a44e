// A large file on its way to the lab, by the tus protocol: in pieces, and taken up again where it broke off.
import { type Failure, readFailure, toFailure } from '../../failure.js';

/** A piece is as long as the lab reads at one go; less is sent again when the line breaks. */
const PIECE_BYTES = 16 * 1_024 * 1_024;
const RETRY_MS = [0, 1_000, 3_000, 10_000];

interface Uploading {
  /** Asked for each piece: a long upload outlives a token. */
  readonly token: () => string;
  readonly signal: AbortSignal;
  readonly onBytes: (sent: number) => void;
}

export type Uploaded = { readonly ok: true; readonly uploadId: string } | { readonly ok: false; readonly failure: Failure };

export const CANCELLED: Failure = { code: 'cancelled', message: 'You cancelled it: nothing was added.' };

/** Why an upload is given up: somebody left the page, and may come back. */
export const LEFT = 'left';

/** Who cancels takes the upload away; who leaves the page finds it again with the same file. */
export async function uploadFile(file: File, { token, signal, onBytes }: Uploading): Promise<Uploaded> {
  const { Upload } = await import('tus-js-client');
  return new Promise((resolve) => {
    const end = (uploaded: Uploaded) => {
      signal.removeEventListener('abort', stop);
      resolve(uploaded);
    };
    const upload = new Upload(file, {
      endpoint: new URL('uploads', document.baseURI).href,
      onBeforeRequest: (request) => request.setHeader('authorization', `Bearer ${token()}`),
      metadata: { filename: file.name, ...(file.type === '' ? {} : { filetype: file.type }) },
      chunkSize: PIECE_BYTES,
      retryDelays: RETRY_MS,
      removeFingerprintOnSuccess: true,
      onProgress: onBytes,
      onError: (error) => end({ ok: false, failure: failureOf(error) }),
      onSuccess: () => end({ ok: true, uploadId: upload.url?.split('/').at(-1) ?? '' }),
    });
    const stop = () => {
      // Told when the lab has forgotten it: else the next try would look for what is not there any more.
      const stopped = () => end({ ok: false, failure: CANCELLED });
      upload.abort(signal.reason !== LEFT).then(stopped, stopped);
    };
    signal.addEventListener('abort', stop);
    void upload.findPreviousUploads().then(([earlier]) => {
      if (signal.aborted) return;
      if (earlier) upload.resumeFromPreviousUpload(earlier);
      upload.start();
    });
  });
}

/** What the lab said, where it was the lab. */
function failureOf(error: Error): Failure {
  const response = 'originalResponse' in error ? (error.originalResponse as { getBody(): string } | null) : null;
  try {
    const body: unknown = JSON.parse(response?.getBody() ?? '');
    const said = readFailure(body) ?? readFailure((body as { error?: unknown } | null)?.error);
    if (said) return said;
  } catch {
    // no JSON: the line broke, or something else answered
  }
  if (response) return toFailure(error);
  return {
    code: 'unreachable',
    message: 'The file could not be sent: the connection to the lab broke.',
    hint: 'Choose the same file again: what was sent is kept, and the rest follows.',
  };
}
