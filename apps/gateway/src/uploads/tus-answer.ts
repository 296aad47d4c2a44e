// Writes what the tus library answers: its status and headers, refusals in the lab's form. Its words about other origins are left
// out, since the HTTP front has decided about those; and so is what only the lab knows of an upload.
import type { ServerResponse } from 'node:http';
import { UPLOAD_METADATA } from '@labmesh/blobs';
import type { ErrorCodeName } from '@labmesh/contracts';
import { sendJson } from '@labmesh/runtime';

export const TUS_VERSION = '1.0.0';

/** Of what no code of the lab's has the status, the nearest. */
const CODES: Readonly<Record<number, ErrorCodeName>> = {
  404: 'not_found',
  409: 'conflict',
  410: 'not_found',
  413: 'too_large',
  423: 'conflict',
  500: 'unavailable',
};

const WORDS: Readonly<Record<number, string>> = {
  404: 'There is no such upload of yours',
  409: 'Cannot write here: Upload-Offset is not where the upload stands. Ask with HEAD where to go on',
  410: 'This upload is over: it was not finished within a day. Begin a new one',
  413: 'The body is more than the upload has room for',
  500: 'The lab cannot store these bytes right now. What was answered before is kept: ask with HEAD where to go on',
};

const ownHeaders = (response: Response): Record<string, string> =>
  Object.fromEntries(
    [...response.headers]
      .filter(([name]) => !name.startsWith('access-control-') && name !== 'content-length')
      .map(([name, value]) => [name, name === 'upload-metadata' ? withoutOwner(value) : value]),
  );

const withoutOwner = (metadata: string): string =>
  metadata
    .split(',')
    .filter((pair) => !pair.startsWith(`${UPLOAD_METADATA.wallet} `))
    .join(',');

/** Nothing, when the client is gone or was answered already. */
export async function sendTusAnswer(res: ServerResponse, response: Response): Promise<void> {
  if (res.closed || res.headersSent) return;
  const { status } = response;
  const headers = ownHeaders(response);
  delete headers['content-type'];
  if (status < 400) {
    if (headers['upload-metadata'] === '') delete headers['upload-metadata'];
    res.writeHead(status, { 'cache-control': 'no-store', ...headers }).end();
    return;
  }
  const message = WORDS[status] ?? (await response.text()).trim();
  sendJson(res, status, { code: CODES[status] ?? 'invalid_input', message }, headers);
}
