// The lab's keys under a passphrase: scrypt makes of it one key that seals them (AES-256-GCM) and one that signs the manifest. A
// passphrase, or a key, is never written, logged or put into a message.
import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

/** 128 MiB and a third of a second for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export const SealedKeys = z.object({
  kdf: z.literal('scrypt'),
  // Bounds: a file must not make this command take all memory there is.
  N: z
    .int()
    .min(2 ** 14)
    .max(2 ** 20),
  r: z.int().min(1).max(16),
  p: z.int().min(1).max(4),
  salt: z.base64url(),
  cipher: z.literal('aes-256-gcm'),
  nonce: z.base64url(),
  sealed: z.base64url(),
});
export type SealedKeys = z.output<typeof SealedKeys>;

export const LabKeys = z.object({ masterKey: z.string(), masterKeyNext: z.string().optional() });
export type LabKeys = z.output<typeof LabKeys>;

export interface PassphraseKeys {
  readonly sealing: Buffer;
  readonly signing: Buffer;
}

type Kdf = Pick<SealedKeys, 'N' | 'r' | 'p' | 'salt'>;

export const newKdf = (): Kdf => ({ ...COST, salt: randomBytes(SALT_BYTES).toString('base64url') });

export async function keysOf(passphrase: string, { N, r, p, salt }: Kdf): Promise<PassphraseKeys> {
  const options = { N, r, p, maxmem: 256 * N * r };
  const both = await new Promise<Buffer>((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), Buffer.from(salt, 'base64url'), 2 * KEY_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
  return { sealing: both.subarray(0, KEY_BYTES), signing: both.subarray(KEY_BYTES) };
}

/** @param id of the backup: they open in no other */
export function sealKeys(keys: LabKeys, id: string, { kdf, sealing }: { kdf: Kdf; sealing: Buffer }): SealedKeys {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealing, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(aboutOf(id));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(keys)), cipher.final(), cipher.getAuthTag()]);
  return {
    kdf: 'scrypt',
    ...kdf,
    cipher: 'aes-256-gcm',
    nonce: nonce.toString('base64url'),
    sealed: sealed.toString('base64url'),
  };
}

/** @throws AppError invalid_input for another passphrase */
export function openKeys({ nonce, sealed }: SealedKeys, id: string, sealing: Buffer): LabKeys {
  try {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', sealing, Buffer.from(nonce, 'base64url'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(aboutOf(id));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
    return LabKeys.parse(JSON.parse(text.toString('utf8')));
  } catch (cause) {
    throw new AppError(
      'invalid_input',
      'Cannot open the keys in the backup: this is not the passphrase they were sealed under.',
      { cause },
    );
  }
}

export const macOf = (manifest: Buffer, signing: Buffer): string =>
  createHmac('sha256', signing).update(manifest).digest('base64url');

export function isMacOf(manifest: Buffer, signing: Buffer, mac: string): boolean {
  const [one, other] = [Buffer.from(macOf(manifest, signing)), Buffer.from(mac)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const aboutOf = (id: string): Buffer => Buffer.from(`labmesh keys of ${id}`);
