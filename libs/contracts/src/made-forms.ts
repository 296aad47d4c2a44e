// The forms of what the lab makes by chance or by a cipher and hands out: whoever makes one takes its form from here, and so does
// whoever leaves it out of a text. None says anything about whether it was ever given out.
import { KEY_PATTERN } from './key-form.js';

/** In front of what encrypt_data gives; then the id of its key (16 hex digits), and nonce, ciphertext and tag in base64url. */
export const ENCRYPTED_FORM = 'lmx1';
export const ENCRYPTED_PATTERN = `${ENCRYPTED_FORM}\\.([0-9a-f]{16})\\.([A-Za-z0-9_-]+)`;

/** In front of what a tool wants back with the answers; then bytes in base64url. */
export const REQUEST_STATE_FORM = 'v1';
const REQUEST_STATE_PATTERN = `${REQUEST_STATE_FORM}\\.[A-Za-z0-9_-]{48,}`;

/** A sign-in code is so many random bytes in base64url, on their way in the fragment of an address. */
export const SIGN_IN_CODE_BYTES = 24;
const SIGN_IN_CODE_PATTERN = '[A-Za-z0-9_-]{32}';

/** Access tokens and passes, as any JSON Web Token: header, claims, signature. */
const SIGNED_TOKEN_PATTERN = 'eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{40,}';

/** Random bytes in the name of the audit log, in hex; its public key goes on with an id and the key. */
export const LOG_NAME_PREFIX = 'labmesh/';
export const LOG_NAME_BYTES = 8;
const LOG_NAME_PATTERN = `${LOG_NAME_PREFIX}[0-9a-f]{16}(?:\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]{44})?`;

/** Receipts, proofs, checksums: SHA-256, and what others use for it, in hex. */
const HASH_PATTERN = '[0-9a-f]{32,}';

/**
 * Any of them, in a text. Each begins and ends where a word does, so looking for them takes time in proportion to the text.
 * A sign-in code has nothing to be known by but the address before it.
 */
export const MADE_PATTERN = `(?<![A-Za-z0-9_-])(?:${[
  KEY_PATTERN,
  ENCRYPTED_PATTERN,
  REQUEST_STATE_PATTERN,
  SIGNED_TOKEN_PATTERN,
  LOG_NAME_PATTERN,
  HASH_PATTERN,
  `(?<=[#?&]code=)${SIGN_IN_CODE_PATTERN}`,
].join('|')})(?![A-Za-z0-9_-])`;

const CODE_ALONE = new RegExp(`^${SIGN_IN_CODE_PATTERN}$`);
const ALONE = new RegExp(`^${MADE_PATTERN}$`);

/** True for a text that is one of them and nothing else. Words without a space in lower case alone are no code. */
export const isMade = (text: string): boolean =>
  ALONE.test(text) || (CODE_ALONE.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text));
