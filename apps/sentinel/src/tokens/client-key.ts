// The form of a client key: `lmk_`, 160 random bits, a checksum. Secret scanners find it by its form, and a mistyped or
// cut key is refused before the database is asked. Never stored or logged; only its hash is.
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PREFIX = 'lmk_';
const SECRET_BYTES = 20;
const SECRET_CHARS = 32;
const CHECKSUM_CHARS = 6;

/** What a scanner looks for. */
export const CLIENT_KEY_PATTERN = /^lmk_[0-9a-v]{38}$/;

/** Upper 30 bits of the CRC-32 of prefix and secret, as six characters of 0-9 a-v (5 bits each). */
function checksum(secret: string): string {
  return (crc32(PREFIX + secret) >>> 2).toString(32).padStart(CHECKSUM_CHARS, '0');
}

/** A new client key: 42 characters, lower-case base32hex (RFC 4648, section 7). */
export function newClientKey(random: Buffer = randomBytes(SECRET_BYTES)): string {
  const secret = BigInt(`0x${random.toString('hex')}`)
    .toString(32)
    .padStart(SECRET_CHARS, '0');
  return `${PREFIX}${secret}${checksum(secret)}`;
}

/** True when it has the form and its checksum fits. Says nothing about whether it was ever given out. */
export function isClientKey(text: string): boolean {
  if (!CLIENT_KEY_PATTERN.test(text)) return false;
  const secret = text.slice(PREFIX.length, PREFIX.length + SECRET_CHARS);
  return text.endsWith(checksum(secret));
}

/** SHA-256. No salt and no slow hash: 160 random bits cannot be guessed, unlike a password. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
