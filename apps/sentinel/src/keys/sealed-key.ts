// A private key at rest: AES-256-GCM under the master key. Nothing here keeps or logs a key.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '@labmesh/contracts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals bytes: nonce (12 bytes, random), ciphertext, tag (16 bytes).
 * The key's id is associated data, so that a sealed key cannot be passed off under another id.
 */
export function seal(secret: Buffer, kid: string, masterKey: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(kid));
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `seal` made. @throws AppError unavailable when it was sealed under another master key, or altered. */
export function open(sealed: Buffer, kid: string, masterKey: Buffer): Buffer {
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', masterKey, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(kid));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `Cannot open the signing key ${kid}: the master key is not the one it was sealed under. Restore <home>/master.key, or set LABMESH_MASTER_KEY to the value every replica uses.`,
      { cause },
    );
  }
}
