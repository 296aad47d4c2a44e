// The next access token, once for all processes that need it. Whoever renews may be killed at any moment without signing the person
// out: before it asks, it writes down a secret that makes its request the same one when somebody repeats it.
import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { post } from '../lab/post.js';
import { locked, writtenOnce } from '../places/private-file.js';
import { type Credential, ended, isGood, readCredentials, type Secret, writeCredential } from './credentials.js';

interface Renewal {
  readonly url: string;
  readonly file: string;
  readonly signal: AbortSignal;
}

const SECRET_BYTES = 32;
/** What was repeated is repeated soon; a file of a token that is long gone is of no use to anybody. */
const KEPT_MS = 86_400_000;

/** @throws AppError unauthenticated when the lab renews it no more */
export async function renew({ url, file, signal }: Renewal): Promise<Credential> {
  return locked(file, async () => {
    const { credential, refresh } = await current(file, url);
    // Somebody else did it while this process waited.
    if (isGood(credential.access)) return credential;
    const folder = join(dirname(file), 'renewals');
    const renewal = await writtenOnce(join(folder, nameOf(refresh)), randomBytes(SECRET_BYTES).toString('base64url'));
    const next = await renewedBy({ url, signal, credential, refresh, renewal });
    await writeCredential(file, url, next);
    await forget(folder);
    return next;
  });
}

async function current(file: string, url: string): Promise<{ credential: Credential; refresh: Secret }> {
  const credential = (await readCredentials(file))[url];
  if (credential?.refresh === undefined) throw ended(url, 'somebody signed out meanwhile');
  return { credential, refresh: credential.refresh };
}

const nameOf = ({ token }: Secret): string => createHash('sha256').update(token).digest('hex').slice(0, 32);

interface Exchange {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly credential: Credential;
  readonly refresh: Secret;
  readonly renewal: string;
}

async function renewedBy({ url, signal, credential, refresh, renewal }: Exchange): Promise<Credential> {
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh.token, renewal }).toString();
  const attempt = { url, tokenSource: `your sign-in at ${url}`, signal };
  const { status, text } = await post(new URL(`${url}/token`), {
    ...attempt,
    type: 'application/x-www-form-urlencoded',
    body,
  });
  const answer = answerOf(text);
  if (answer?.error === 'invalid_grant')
    throw ended(
      url,
      (answer.error_description ?? 'the lab renews it no more').replace(/\.?\s*Sign in again\.$|\.$/, ''),
    );
  const { access_token: access, refresh_token: next, expires_in: seconds } = answer ?? {};
  if (status !== 200 || access === undefined || next === undefined || seconds === undefined)
    throw new AppError('unavailable', `The lab at ${url} cannot renew your sign-in right now (HTTP ${status}).`);
  const until = new Date(Date.now() + seconds * 1_000).toISOString();
  return { ...credential, access: { token: access, until }, refresh: { ...refresh, token: next } };
}

interface TokenAnswer {
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly expires_in?: number;
  readonly error?: string;
  readonly error_description?: string;
}

function answerOf(text: string): TokenAnswer | undefined {
  try {
    return JSON.parse(text) as TokenAnswer;
  } catch {
    return undefined;
  }
}

/** Those of a day ago: a process that was held up may still be about to use a newer one. */
async function forget(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const { mtimeMs = Date.now() } = (await stat(file).catch(() => undefined)) ?? {};
    if (Date.now() - mtimeMs > KEPT_MS) await rm(file, { force: true });
  }
}
