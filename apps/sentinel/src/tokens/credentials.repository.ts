// Credentials in the database: what was given to whom, until when, and whether it was withdrawn. Holds hashes, never a token.
import { type Permission, PermissionName, type Role, RoleName } from '@labmesh/contracts';
import { DATABASE, type Database, Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { CredentialKind } from './grant.js';

export interface StoredCredential {
  readonly id: string;
  readonly kind: CredentialKind;
  readonly walletId: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
  readonly toolset?: readonly string[] | undefined;
  readonly label?: string | undefined;
  readonly issuedBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt?: Date | undefined;
  readonly revokedAt?: Date | undefined;
}

/** Expired credentials stay this long, so that the audit log's ids can still be looked up. */
const KEEP_MS = 30 * 86_400_000;
/** `last_used_at` is this exact; finer would cost a write per call. */
const USE_STEP_MS = 60_000;

const optionalOf = <T extends z.ZodType>(schema: T) => z.preprocess((value) => value ?? undefined, schema.optional());

// Rows are parsed: what a person edited in the database by hand must not become a permission that does not exist.
const Row = z.object({
  id: z.string(),
  kind: z.enum(['access', 'client_key']),
  walletId: z.string(),
  role: RoleName,
  permissions: z.array(PermissionName),
  toolset: optionalOf(z.array(z.string()).min(1)),
  label: optionalOf(z.string()),
  issuedBy: z.string(),
  createdAt: z.date(),
  expiresAt: z.date(),
  lastUsedAt: optionalOf(z.date()),
  revokedAt: optionalOf(z.date()),
});

@Injectable()
export class CredentialsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Stores a credential; `keyHash` for client keys only. Takes the long expired out on the way. */
  async add(credential: StoredCredential, keyHash?: Buffer): Promise<void> {
    const { prisma } = this.database;
    const long = new Date(credential.createdAt.getTime() - KEEP_MS);
    await prisma.$transaction([
      prisma.credential.deleteMany({ where: { expiresAt: { lt: long } } }),
      prisma.credential.create({
        data: {
          ...credential,
          permissions: [...credential.permissions],
          toolset: credential.toolset ? [...credential.toolset] : Prisma.DbNull,
          keyHash: keyHash ? new Uint8Array(keyHash) : null,
        },
      }),
    ]);
  }

  async byId(id: string): Promise<StoredCredential | undefined> {
    const row = await this.database.prisma.credential.findUnique({ where: { id } });
    return row ? Row.parse(row) : undefined;
  }

  async byKeyHash(keyHash: Buffer): Promise<StoredCredential | undefined> {
    const row = await this.database.prisma.credential.findUnique({ where: { keyHash: new Uint8Array(keyHash) } });
    return row ? Row.parse(row) : undefined;
  }

  /** Notes that a credential was used, at most once a minute. */
  async markUsed(credential: StoredCredential, nowMs: number): Promise<void> {
    const before = new Date(nowMs - USE_STEP_MS);
    if (credential.lastUsedAt && credential.lastUsedAt > before) return;
    await this.database.prisma.credential.updateMany({
      where: { id: credential.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: before } }] },
      data: { lastUsedAt: new Date(nowMs) },
    });
  }
}
