// Whether a master key is the one of a lab: it opens the private keys that the lab signs with. It answers yes or no, and keeps nothing.
import { createDecipheriv } from 'node:crypto';
import { AppError } from '@labmesh/contracts';
import type { TableHead } from './manifest.js';
import type { LabKeys } from './sealed-keys.js';

/** As the Sentinel seals them (AES-256-GCM): nonce, ciphertext, tag; the key's id is associated data. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface SealedSigningKey {
  readonly kid: string;
  readonly sealed: Buffer;
}

/** Reads of a row which private key the lab signs with, now or soon; undefined for a table that has none. */
export function signingKeysOf(
  { schema, name, columns }: TableHead,
  tell: (key: SealedSigningKey) => void,
): ((line: string) => void) | undefined {
  if (schema !== 'sentinel' || name !== 'signing_keys') return undefined;
  const [kid, sealed, retired] = ['kid', 'sealed_private', 'retired_at'].map((column) => columns.indexOf(column));
  return (line) => {
    const row = JSON.parse(line) as Array<string | null>;
    // Bytes are hexadecimal in PostgreSQL's text, behind \x.
    const bytes = Buffer.from((row[sealed ?? -1] ?? '').slice(2), 'hex');
    if ((row[retired ?? -1] ?? null) === null) tell({ kid: row[kid ?? -1] ?? '', sealed: bytes });
  };
}

/** @param said of the master key in the message. @throws AppError conflict when it opens none of them */
export function refuseForeignKey(signing: readonly SealedSigningKey[], keys: LabKeys, said: string): void {
  const known = [keys.masterKey, keys.masterKeyNext].flatMap((key) => (key === undefined ? [] : [keyIn(key)]));
  // A lab that has not started yet has none.
  if (signing.length === 0 || signing.some((one) => known.some((key) => opens(one, key)))) return;
  throw new AppError(
    'conflict',
    `${said} is not this lab’s: it opens none of the keys that the lab signs with, and the lab would not start. Nothing was written. Give the lab’s own master.key (--home, LABMESH_HOME), or LABMESH_MASTER_KEY as its Sentinel has it.`,
  );
}

const keyIn = (text: string): Buffer => Buffer.from(text.trim(), 'base64url');

function opens({ kid, sealed }: SealedSigningKey, key: Buffer): boolean {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(kid));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
