// The Sentinel's own settings. The only reader of the environment here; the value of a secret is never in a message.
import { AppError } from '@labmesh/contracts';
import { setting } from '@labmesh/runtime/config';
import { z } from 'zod';

export const SENTINEL_CONFIG = Symbol('SENTINEL_CONFIG');

export interface SentinelConfig {
  /** Seals the private keys in the database: 32 bytes. Without it, `<home>/master.key` is made and used. */
  readonly masterKey?: Buffer;
  /** The key that takes its place, while it is being changed: 32 bytes. */
  readonly masterKeyNext?: Buffer;
  /** Where signed heads of the audit log are written too; `<home>/audit-heads.jsonl` when left out. */
  readonly witnessFile?: string;
}

const Key = z
  .string()
  .refine((text) => text.length === 43 && Buffer.from(text, 'base64url').toString('base64url') === text)
  .transform((text) => Buffer.from(text, 'base64url'))
  .optional();

export const SENTINEL_SETTINGS = z.object({
  LABMESH_MASTER_KEY: setting(Key, {
    without: 'a file in `LABMESH_HOME`',
    description: '32 bytes in base64url that encrypt the signing keys. In a mesh, the same for every Sentinel.',
  }),
  LABMESH_MASTER_KEY_NEXT: setting(Key, {
    description: 'The key that takes its place, while it is being changed ([keys.md](keys.md)).',
  }),
  LABMESH_AUDIT_WITNESS: setting(z.string().optional(), {
    without: '`audit-heads.jsonl` in `LABMESH_HOME`',
    description: 'File that every signed head of the audit log is appended to, see [audit.md](audit.md).',
  }),
});

/** @throws AppError invalid_input when a setting cannot be used. */
export function readSentinelConfig(env: NodeJS.ProcessEnv = process.env): SentinelConfig {
  const parsed = SENTINEL_SETTINGS.safeParse(env);
  if (!parsed.success) {
    throw new AppError(
      'invalid_input',
      `Cannot use ${parsed.error.issues[0]?.path.join('.')}: it must be 32 bytes as base64url, 43 characters. Make one with: openssl rand 32 | basenc --base64url | tr -d =`,
    );
  }
  const {
    LABMESH_MASTER_KEY: masterKey,
    LABMESH_MASTER_KEY_NEXT: masterKeyNext,
    LABMESH_AUDIT_WITNESS: witnessFile,
  } = parsed.data;
  if (masterKeyNext && !masterKey)
    throw new AppError(
      'invalid_input',
      'Cannot use LABMESH_MASTER_KEY_NEXT without LABMESH_MASTER_KEY, which it takes the place of. Set both.',
    );
  return Object.freeze({
    ...(masterKey ? { masterKey } : {}),
    ...(masterKeyNext ? { masterKeyNext } : {}),
    ...(witnessFile ? { witnessFile } : {}),
  });
}
