// Uploads by a client that others wrote (tus-js-client), and single requests of the protocol, at any address of a gateway.
import { Upload } from 'tus-js-client';

export interface At {
  /** The gateway's, no slash at the end. */
  readonly url: string;
  readonly token: string;
}

const TUS = { 'tus-resumable': '1.0.0' };

export const tusRequest = (
  { url, token }: At,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: BodyInit } = {},
): Promise<Response> =>
  fetch(`${url}${path}`, {
    method,
    headers: { ...TUS, authorization: `Bearer ${token}`, ...headers },
    ...(body === undefined ? {} : { body, duplex: 'half' }),
  } as RequestInit);

export const begin = (at: At, bytes: number): Promise<Response> =>
  tusRequest(at, 'POST', '/uploads', { headers: { 'upload-length': String(bytes) } });

export const piece = (at: At, path: string, offset: number, body: BodyInit): Promise<Response> =>
  tusRequest(at, 'PATCH', path, {
    headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
    body,
  });

/** Where an upload stands; undefined for whom it does not exist. */
export async function offsetOf(at: At, path: string): Promise<number | undefined> {
  const head = await tusRequest(at, 'HEAD', path);
  return head.status === 200 ? Number(head.headers.get('upload-offset')) : undefined;
}

const CHUNK = 300_000;

/** Brings all of it, or as much as `upTo` and leaves then. @returns the upload's path */
export function bring(
  { url, token }: At,
  bytes: Buffer,
  {
    path,
    upTo,
    chunk = CHUNK,
    filename = 'numbers.csv',
  }: { path?: string; upTo?: number; chunk?: number; filename?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const done = (): void => resolve(new URL(upload.url ?? '').pathname);
    const upload: Upload = new Upload(bytes, {
      endpoint: `${url}/uploads`,
      ...(path === undefined ? {} : { uploadUrl: `${url}${path}` }),
      headers: { Authorization: `Bearer ${token}` },
      metadata: { filename, filetype: 'text/csv' },
      chunkSize: chunk,
      retryDelays: [0, 100, 200, 400, 800],
      onChunkComplete: (_size, accepted) => {
        if (upTo !== undefined && accepted >= upTo) void upload.abort().then(done, reject);
      },
      onSuccess: done,
      onError: reject,
    });
    upload.start();
  });
}
