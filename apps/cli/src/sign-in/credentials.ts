// Who is signed in at which lab from this machine: a file of secrets, for this person alone. Nothing of it is ever printed.
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { locked, readPrivate, writePrivate } from '../places/private-file.js';

export interface Secret {
  readonly token: string;
  /** ISO 8601, by this machine's clock; null for a client key, whose end the lab knows. */
  readonly until: string | null;
}

export interface Credential {
  readonly walletId: string | null;
  readonly role: string | null;
  /** What is sent: an access token, or a client key where none could be had for it. */
  readonly access: Secret;
  /** What gives the next access token. */
  readonly refresh?: Secret;
}

interface Stored {
  readonly version: 1;
  readonly labs: Readonly<Record<string, Credential>>;
}

/** An access token is renewed so long before its end, so that no call meets it. */
const AHEAD_MS = 30_000;

export const credentialsFile = (state: string): string => join(state, 'credentials.json');

export const isGood = ({ until }: Secret, now: number = Date.now()): boolean =>
  until === null || Date.parse(until) - AHEAD_MS > now;

/** @throws AppError invalid_input for a file that is not ours */
export async function readCredentials(file: string): Promise<Readonly<Record<string, Credential>>> {
  const text = await readPrivate(file);
  if (text === undefined) return {};
  try {
    const { version, labs } = JSON.parse(text) as Partial<Stored>;
    if (version === 1 && typeof labs === 'object' && labs !== null) return labs;
  } catch {
    // Said below: what cannot be read is not ours.
  }
  throw new AppError(
    'invalid_input',
    `${file} holds no sign-ins of this version: move it away and sign in again with npx @labmesh/cli login.`,
  );
}

/** Puts one lab's sign-in in place of what was there; undefined takes it out. The caller holds the file's lock. */
export async function writeCredential(file: string, url: string, credential: Credential | undefined): Promise<void> {
  const labs = { ...(await readCredentials(file)) };
  if (credential === undefined) delete labs[url];
  else labs[url] = credential;
  await writePrivate(file, `${JSON.stringify({ version: 1, labs } satisfies Stored, null, 2)}\n`);
}

/** As `writeCredential`, for who has no lock yet. */
export const storeCredential = (file: string, url: string, credential: Credential | undefined): Promise<void> =>
  locked(file, () => writeCredential(file, url, credential));

export const ended = (url: string, why: string): AppError =>
  new AppError('unauthenticated', `Your sign-in at ${url} has ended: ${why}. Sign in again: npx @labmesh/cli login`);
