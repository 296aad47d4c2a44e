// The one-time key that some tools want, which is the caller's to invent: with the same key a call that is sent again is done once.

/** The field of this name holds it. */
export const KEY_FIELD = 'idempotencyKey';

export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
