// Signing in: from what somebody shows to the access and refresh tokens that are kept. It must print and log nothing.
import { hostname } from 'node:os';
import { ACCESS_TOKEN_MAX_S, AppError, sentinel } from '@labmesh/contracts';
import type { Places } from '../config.js';
import { httpFailure } from '../lab/failure.js';
import { saidBy } from '../lab/get.js';
import { Lab } from '../lab/lab.js';
import { post } from '../lab/post.js';
import { type Credential, credentialsFile, storeCredential } from './credentials.js';
import type { Proof } from './proof.js';

interface SignIn {
  readonly url: string;
  readonly proof: Proof;
  readonly places: Places;
  readonly version: string;
  readonly signal: AbortSignal;
}

export interface SignedIn {
  readonly url: string;
  /** Null where a key may not ask for it. */
  readonly walletId: string | null;
  readonly role: string | null;
  /** When it ends, ISO 8601; null for a key, whose end the lab knows. */
  readonly until: string | null;
  /** False for a key that is kept itself. */
  readonly renewed: boolean;
}

/** @throws AppError unauthenticated for a proof that the lab does not take */
export async function signIn(at: SignIn): Promise<SignedIn> {
  const credential = await made(at);
  await storeCredential(credentialsFile(at.places.state), at.url, credential);
  const { walletId, role, access, refresh } = credential;
  return { url: at.url, walletId, role, until: (refresh ?? access).until, renewed: refresh !== undefined };
}

async function made(at: SignIn): Promise<Credential> {
  const { url, places, version, signal, proof } = at;
  const token = proof.kind === 'code' ? await redeemed(at, proof.code) : proof.token;
  const credential = { token, source: proof.kind === 'client_key' ? 'your client key' : 'your sign-in link' };
  const lab = new Lab({ url, version, credential, cache: places.cache, signal });
  try {
    return await refreshable(lab);
  } catch (error) {
    // A key for some tools only: it is what there is.
    const bound = error instanceof AppError && (error.code === 'forbidden' || error.code === 'not_found');
    if (proof.kind !== 'client_key' || !bound) throw error;
    // Answered only to whom the lab knows.
    await lab.toolNames();
    return { walletId: null, role: null, access: { token, until: null } };
  } finally {
    await lab.close();
  }
}

async function refreshable(lab: Lab): Promise<Credential> {
  const label = `npx @labmesh/cli login on ${hostname()}`.slice(0, 80);
  const answer = await lab.use(sentinel, 'generate_wallet_token', {
    kind: 'access',
    refreshable: true,
    ttlSeconds: ACCESS_TOKEN_MAX_S,
    label,
  });
  const { walletId, role, token, refreshToken, refreshExpiresAt } = answer;
  if (refreshToken === undefined || refreshExpiresAt === undefined)
    throw new AppError('internal', 'The lab made no refresh token, though it was asked for one.');
  // By this machine's clock: that of the lab may be another.
  const until = new Date(Date.now() + ACCESS_TOKEN_MAX_S * 1_000).toISOString();
  return { walletId, role, access: { token, until }, refresh: { token: refreshToken, until: refreshExpiresAt } };
}

async function redeemed({ url, signal }: SignIn, code: string): Promise<string> {
  const attempt = { url, tokenSource: 'your sign-in link', signal };
  const body = JSON.stringify({ code });
  const { status, text } = await post(new URL(`${url}/sign-in`), { ...attempt, type: 'application/json', body });
  const { token } = status === 200 ? (JSON.parse(text) as { token?: unknown }) : {};
  if (typeof token === 'string') return token;
  throw saidBy(text) ?? httpFailure({ status, text }, attempt);
}
