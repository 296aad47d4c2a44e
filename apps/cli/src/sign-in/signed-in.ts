// The token of whoever signed in from this machine. It is for that lab alone. Renewing loads what no other command waits for.
import type { FoundToken } from '../lab/operator-token.js';
import { credentialsFile, ended, isGood, readCredentials } from './credentials.js';

interface Search {
  readonly url: string;
  /** Folder of this person's state. */
  readonly state: string;
  readonly signal: AbortSignal;
}

/** Undefined where nobody signed in. @throws AppError unauthenticated for a sign-in that has ended */
export async function signedIn({ url, state, signal }: Search): Promise<FoundToken | undefined> {
  const file = credentialsFile(state);
  const credential = (await readCredentials(file))[url];
  if (credential === undefined) return undefined;
  const source = `your sign-in at ${url}`;
  if (isGood(credential.access)) return { token: credential.access.token, source };
  const { refresh, access } = credential;
  if (refresh === undefined || !isGood(refresh)) throw ended(url, `it was good until ${(refresh ?? access).until}`);
  const { renew } = await import('./renewal.js');
  return { token: (await renew({ url, file, signal })).access.token, source };
}
