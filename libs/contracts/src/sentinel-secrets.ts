// The Sentinel's tools for data that nobody else may read: encrypting, decrypting, and changing the key for both.
import { z } from 'zod';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Timestamp } from './values.js';

/** Longest text or data of one call, characters; base64 takes four for three bytes. */
const DATA_CHARS_MAX = 262_144;
/** The same encrypted: base64url of it, with key id, nonce and tag. */
const ENCRYPTED_CHARS_MAX = 400_000;

const Encoding = z
  .enum(['utf8', 'base64'])
  .default('utf8')
  .describe('How the data is written: as text, or bytes in base64');
const Context = z
  .string()
  .max(200)
  .default('')
  .describe('What the data is for; only the same words decrypt it. It is not secret and not kept');
const Encrypted = holds('data', z.string().max(ENCRYPTED_CHARS_MAX).describe('What encrypt_data gave'));

export const secretTools = {
  encrypt_data: defineTool({
    title: 'Encrypt data for yourself',
    description:
      'Encrypts a text or bytes under a key of the lab (AES-256-GCM), so that only your wallet can decrypt it, for the same context. Nothing is stored: keep the result. Given "encrypted" in the place of "data", it encrypts that anew under the newest key.',
    keywords: [
      'keep a secret or password safe',
      'protect, hide',
      'store a secret',
      'hide a text so that only I can read it',
      'private note',
      'confidential',
      'lock away',
      'vault',
      'put my password in a safe',
      'keep a key where nobody sees it',
      'secure storage of a secret',
      'encode',
    ],
    effect: 'read',
    permission: 'secret:use',
    input: z.object({
      data: holds('data', z.string().max(DATA_CHARS_MAX)).optional(),
      encrypted: Encrypted.optional(),
      encoding: Encoding,
      context: Context,
    }),
    output: z.object({ encrypted: z.string(), keyId: z.string() }),
    errors: ['conflict'],
    timeoutMs: 5_000,
  }),
  decrypt_data: defineTool({
    title: 'Decrypt what you encrypted',
    description:
      'Gives back what encrypt_data encrypted for your wallet and this context. Says when it is under an older key: encrypt_data encrypts it anew.',
    keywords: [
      'unlock a secret',
      'read an encrypted text',
      'get my secret back',
      'open an encrypted text',
      'reveal what was hidden',
      'read it again',
    ],
    effect: 'read',
    permission: 'secret:use',
    input: z.object({ encrypted: Encrypted, encoding: Encoding, context: Context }),
    output: z.object({
      data: z.string(),
      keyId: z.string(),
      outdated: z.boolean().describe('It is under an older key'),
    }),
    errors: ['conflict'],
    timeoutMs: 5_000,
  }),
  rotate_keys: defineTool({
    title: 'Change a key of the lab',
    description:
      'Puts a new key in the place of an old one while the lab runs. data: the key of encrypt_data; what older keys encrypted can still be decrypted, and encrypted anew by its owner. signing: the key of tokens and passes; the new one is published at once and signs after leadSeconds, the old one is trusted until its last token has ended. master: the key that seals all others; they are sealed anew under the next one. See docs/keys.md.',
    keywords: ['replace a compromised key', 'change the encryption key', 'new master key', 'renew keys'],
    effect: 'write',
    permission: 'key:rotate',
    input: z.object({
      what: z.enum(['data', 'signing', 'master']).default('data'),
      leaked: z
        .boolean()
        .default(false)
        .describe(
          'With signing: somebody has the old key. Nothing it signed is believed any more; all access tokens end, client keys stay',
        ),
      leadSeconds: z
        .int()
        .min(5)
        .max(86_400)
        .default(120)
        .describe(
          'With signing: how long the new key is published before it signs, for those who keep the published keys',
        ),
    }),
    output: z.object({
      what: z.enum(['data', 'signing', 'master']),
      keyId: z.string().describe('Of the new key'),
      previousKeyId: z.string().optional(),
      at: Timestamp.describe('From when on it is used'),
      resealed: z.int().optional().describe('With master: how many keys were sealed anew'),
      lost: z.int().optional().describe('With master: how many no known master key opens'),
    }),
    errors: ['conflict'],
    timeoutMs: 30_000,
  }),
};
