// Signing out: the tokens are withdrawn at the lab and forgotten here. What is forgotten here is forgotten even when the lab is gone.
import { createHash } from 'node:crypto';
import { AppError, sentinel } from '@labmesh/contracts';
import type { Places } from '../config.js';
import { Lab } from '../lab/lab.js';
import { credentialsFile, readCredentials, storeCredential } from './credentials.js';
import { signedIn } from './signed-in.js';

interface SignOut {
  readonly url: string;
  readonly places: Places;
  readonly version: string;
  readonly signal: AbortSignal;
}

export interface SignedOut {
  readonly url: string;
  readonly outcome: 'withdrawn' | 'forgotten' | 'key_kept' | 'nobody';
}

/** The addresses of the labs that somebody is signed in at from here. */
export const signedInAt = async ({ state }: Places): Promise<string[]> =>
  Object.keys(await readCredentials(credentialsFile(state)));

/** @throws AppError for a file that cannot be read or written */
export async function signOut(at: SignOut): Promise<SignedOut> {
  const { url, places } = at;
  const file = credentialsFile(places.state);
  const credential = (await readCredentials(file))[url];
  if (credential === undefined) return { url, outcome: 'nobody' };
  const outcome = credential.refresh === undefined ? 'key_kept' : await withdrawn(at);
  await storeCredential(file, url, undefined);
  return { url, outcome };
}

async function withdrawn({ url, places, version, signal }: SignOut): Promise<'withdrawn' | 'forgotten'> {
  try {
    // It may be renewed for that: what is withdrawn is then the newest.
    const credential = await signedIn({ url, state: places.state, signal });
    const refresh = (await readCredentials(credentialsFile(places.state)))[url]?.refresh;
    if (credential === undefined || refresh === undefined) return 'forgotten';
    const lab = new Lab({ url, version, credential, cache: places.cache, signal });
    const hash = createHash('sha256').update(refresh.token).digest('hex');
    const { tokens } = await lab.use(sentinel, 'find_tokens', { hashes: [hash] });
    for (const { tokenId } of tokens) await lab.use(sentinel, 'revoke_token', { tokenId });
    return 'withdrawn';
  } catch (error) {
    // A sign-in that has ended already is withdrawn.
    if (!(error instanceof AppError)) throw error;
    return error.code === 'unauthenticated' ? 'withdrawn' : 'forgotten';
  }
}
