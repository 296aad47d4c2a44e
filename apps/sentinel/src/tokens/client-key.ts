// Makes what is opaque: client keys (`lmk_`) and refresh tokens (`lmr_`), each of 160 random bits with a checksum. Secret scanners
// find them by their form, and a mistyped or cut one is refused before the database is asked. Only hashes are stored.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import {
  CLIENT_KEY_PREFIX,
  isKeyOfForm,
  KEY_SECRET_CHARS,
  type KeyPrefix,
  keyChecksum,
  REFRESH_TOKEN_PREFIX,
} from '@labmesh/contracts';

const SECRET_BYTES = 20;

/** 42 characters: the prefix, then lower-case base32hex (RFC 4648, section 7). */
function make(prefix: KeyPrefix, random: Buffer): string {
  const secret = BigInt(`0x${random.toString('hex')}`)
    .toString(32)
    .padStart(KEY_SECRET_CHARS, '0');
  return `${prefix}${secret}${keyChecksum(prefix, secret)}`;
}

export const newClientKey = (random: Buffer = randomBytes(SECRET_BYTES)): string => make(CLIENT_KEY_PREFIX, random);
export const newRefreshToken = (random: Buffer = randomBytes(SECRET_BYTES)): string =>
  make(REFRESH_TOKEN_PREFIX, random);

/**
 * The refresh token that comes after another one for whoever knows `renewal`, a secret of the caller: always the same, so that an
 * exchange whose answer was lost can be asked for again. Without it nobody can tell the next token from the last (RFC 2104).
 */
export const nextRefreshToken = (refreshToken: string, renewal: string): string =>
  newRefreshToken(createHmac('sha256', renewal).update(`next\n${refreshToken}`).digest().subarray(0, SECRET_BYTES));

/** True when it has the form and its checksum fits. Says nothing about whether it was ever given out. */
export const isClientKey = (text: string): boolean => isKeyOfForm(CLIENT_KEY_PREFIX, text);
/** As `isClientKey`. */
export const isRefreshToken = (text: string): boolean => isKeyOfForm(REFRESH_TOKEN_PREFIX, text);

/** SHA-256. No salt and no slow hash: 160 random bits cannot be guessed, unlike a password. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
