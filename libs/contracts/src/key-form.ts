// The form of the lab's opaque keys, by which anybody finds a leaked one without the lab: a prefix, 160 random bits, a checksum.
// It says nothing about whether a key was ever given out, and never holds one.

export const CLIENT_KEY_PREFIX = 'lmk_';
export const REFRESH_TOKEN_PREFIX = 'lmr_';
export type KeyPrefix = typeof CLIENT_KEY_PREFIX | typeof REFRESH_TOKEN_PREFIX;

/** What any credential is written with (RFC 6750, b64token), as a class of a regular expression: no header carries others. */
export const CREDENTIAL_CHAR = '[A-Za-z0-9._~+/=-]';

/** 32 characters of lower-case base32hex (RFC 4648, section 7), and 6 of the checksum. */
export const KEY_SECRET_CHARS = 32;
const CHECKSUM_CHARS = 6;
const BODY = /^[0-9a-v]{38}$/;

/** What a scanner looks for, without anchors; `isKeyOfForm` then tells a key from what only looks like one. */
export const KEY_PATTERN = 'lm[kr]_[0-9a-v]{38}';

/** Every access token begins so: its header, up to the key's id. */
export const ACCESS_TOKEN_PREFIX = 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6';
/** What a scanner looks for: header, claims, and a signature of 64 bytes. */
export const ACCESS_TOKEN_PATTERN = `${ACCESS_TOKEN_PREFIX}[\\w-]{4,200}\\.[\\w-]{20,8000}\\.[\\w-]{86}`;

const POLYNOMIAL = 0xedb88320;
const BITS = 8;

/** CRC-32 of ASCII text, as zlib and PNG have it. */
function crc32(text: string): number {
  let crc = ~0;
  for (let at = 0; at < text.length; at += 1) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < BITS; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  }
  return ~crc >>> 0;
}

/** Upper 30 bits of the CRC-32 of prefix and secret, as six characters of 0-9 a-v (5 bits each). */
export const keyChecksum = (prefix: KeyPrefix, secret: string): string =>
  (crc32(prefix + secret) >>> 2).toString(32).padStart(CHECKSUM_CHARS, '0');

/** True when it has the form and its checksum fits. Says nothing about whether it was ever given out. */
export function isKeyOfForm(prefix: KeyPrefix, text: string): boolean {
  const body = text.slice(prefix.length);
  return (
    text.startsWith(prefix) && BODY.test(body) && body.endsWith(keyChecksum(prefix, body.slice(0, KEY_SECRET_CHARS)))
  );
}
