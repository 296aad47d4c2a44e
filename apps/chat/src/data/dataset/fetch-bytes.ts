// The bytes of a dataset, or of another file of the lab's: out of the answer where they are in it, else from where its link leads, piece by piece.
import { type Failure, readFailure, toFailure } from '../../failure.js';
import type { Outcome } from '../../mcp/connection.js';
import type { LabFetch } from '../../session/lab-fetch.js';
import type { Page } from '../dataset.js';
import { bytesOf, sha256Of } from './save-file.js';

/** A hash takes all bytes at once: of more than this, the browser is not asked for one. */
const HASHED_MAX = 256 * 1_024 * 1_024;

interface Fetching {
  readonly fetch: LabFetch;
  readonly signal: AbortSignal;
  readonly onBytes: (came: number) => void;
}

/** What the lab said of bytes. */
interface Said {
  readonly bytes: number;
  readonly sha256: string;
}

/** What an answer says of a file. */
export interface ToldFile extends Pick<Page, 'content' | 'link'> {
  readonly dataset: Said;
}

/** Nothing is answered that is not what the lab said it is. */
export const fetchBytes = (page: ToldFile, fetching: Fetching): Promise<Outcome<Blob>> =>
  page.link
    ? fetchBlob({ ...page.dataset, blobId: page.link.blobId }, fetching)
    : checked(async () => new Blob([bytesOf(page.content)]), page.dataset, fetching.signal);

/** The bytes that a link leads to, likewise. */
export const fetchBlob = ({ blobId, ...said }: Said & { blobId: string }, fetching: Fetching): Promise<Outcome<Blob>> =>
  checked(() => linked(blobId, fetching), said, fetching.signal);

async function checked(
  bring: () => Promise<Blob | { failure: Failure }>,
  { bytes, sha256 }: Said,
  signal: AbortSignal,
): Promise<Outcome<Blob>> {
  try {
    const blob = await bring();
    if ('failure' in blob) return { ok: false, failure: blob.failure };
    if (blob.size !== bytes) return changed(`${blob.size} bytes came, and not ${bytes}`);
    const seen = blob.size > HASHED_MAX ? undefined : await sha256Of(new Uint8Array(await blob.arrayBuffer()));
    if (seen !== undefined && seen !== sha256) return changed(`the SHA-256 of what came is ${seen}`);
    return { ok: true, value: blob };
  } catch (thrown) {
    return { ok: false, failure: signal.aborted ? CANCELLED : toFailure(thrown) };
  }
}

const CANCELLED: Failure = { code: 'cancelled', message: 'You cancelled it: nothing was saved.' };

const changed = (what: string): Outcome<never> => ({
  ok: false,
  failure: { code: 'conflict', message: `Nothing was saved: ${what}.`, hint: 'Try again.' },
});

async function linked(blobId: string, { fetch, signal, onBytes }: Fetching): Promise<Blob | { failure: Failure }> {
  const response = await fetch(new URL(`blobs/${encodeURIComponent(blobId)}`, document.baseURI), {
    signal,
  });
  if (!response.ok || !response.body) {
    const said = readFailure(await response.json().catch(() => undefined));
    const code = `http_${response.status}`;
    return { failure: said ?? { code, message: 'The lab did not give the bytes.', hint: 'Try again.' } };
  }
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body.getReader();
  for (let came = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces);
    pieces.push(value);
    came += value.length;
    onBytes(came);
  }
}
