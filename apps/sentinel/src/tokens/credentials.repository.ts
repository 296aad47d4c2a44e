// Credentials in the database: what was given to whom, until when, and whether it was withdrawn. Holds hashes, never a token.
import { AUDIENCES, type Audience, type Permission, PermissionName, type Role, RoleName } from '@labmesh/contracts';
import { DATABASE, type Database, Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { CredentialKind } from './grant.js';

/** A refresh token is made with an access token, never asked for alone. */
export type StoredKind = CredentialKind | 'refresh';

export interface StoredCredential {
  readonly id: string;
  readonly kind: StoredKind;
  readonly walletId: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
  readonly toolset?: readonly string[] | undefined;
  readonly label?: string | undefined;
  /** The only place where it is good, when it was bound to one. */
  readonly audience?: Audience | undefined;
  readonly issuedBy: string;
  /** Id of the first refresh token of its sign-in. */
  readonly familyId?: string | undefined;
  /** SHA-256 of what is opaque. */
  readonly keyHash?: Uint8Array | undefined;
  /** Of an exchanged refresh token: the SHA-256 of the next, where the exchange can be repeated. */
  readonly nextHash?: Uint8Array | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt?: Date | undefined;
  readonly revokedAt?: Date | undefined;
  /** When a refresh token was exchanged for the next. */
  readonly exchangedAt?: Date | undefined;
}

/** Expired credentials stay this long, so that the audit log's ids can still be looked up. */
const KEEP_MS = 30 * 86_400_000;

const optionalOf = <T extends z.ZodType>(schema: T) => z.preprocess((value) => value ?? undefined, schema.optional());

// Rows are parsed: what a person edited in the database by hand must not become a permission that does not exist.
const Row = z.object({
  id: z.string(),
  kind: z.enum(['access', 'client_key', 'refresh']),
  walletId: z.string(),
  role: RoleName,
  permissions: z.array(PermissionName),
  toolset: optionalOf(z.array(z.string()).min(1)),
  label: optionalOf(z.string()),
  audience: optionalOf(z.enum(AUDIENCES)),
  issuedBy: z.string(),
  familyId: optionalOf(z.string()),
  keyHash: optionalOf(z.instanceof(Uint8Array)),
  nextHash: optionalOf(z.instanceof(Uint8Array)),
  createdAt: z.date(),
  expiresAt: z.date(),
  lastUsedAt: optionalOf(z.date()),
  revokedAt: optionalOf(z.date()),
  exchangedAt: optionalOf(z.date()),
});

const SELECT = `SELECT "id", "kind", "wallet_id" AS "walletId", "role", "permissions", "toolset", "label", "audience",
  "issued_by" AS "issuedBy", "family_id" AS "familyId", "key_hash" AS "keyHash", "next_hash" AS "nextHash",
  "created_at" AS "createdAt", "expires_at" AS "expiresAt", "last_used_at" AS "lastUsedAt", "revoked_at" AS "revokedAt",
  "exchanged_at" AS "exchangedAt" FROM "sentinel"."credentials"`;

@Injectable()
export class CredentialsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /**
   * Stores a credential; `keyHash` for what is opaque. Takes the long expired out on the way. Answers with its role: that
   * of the wallet at this moment, which may have changed since the credential was decided on.
   */
  async add(credential: StoredCredential, keyHash?: Buffer): Promise<Role> {
    const long = new Date(credential.createdAt.getTime() - KEEP_MS);
    return this.database.prisma.$transaction(async (tx) => {
      const role = (await roleNow(tx, credential.walletId)) ?? credential.role;
      await tx.credential.deleteMany({ where: { expiresAt: { lt: long } } });
      await tx.credential.create({
        data: {
          ...credential,
          role,
          permissions: [...credential.permissions],
          toolset: credential.toolset ? [...credential.toolset] : Prisma.DbNull,
          keyHash: keyHash ? new Uint8Array(keyHash) : null,
          nextHash: null,
        },
      });
      return role;
    });
  }

  /**
   * Marks a refresh token as exchanged; undefined for one that is not good, or of two at once the second.
   * @param nextHash of the token that it is exchanged for, where the caller can repeat the exchange
   */
  async exchange(keyHash: Buffer, now: Date, nextHash?: Buffer): Promise<StoredCredential | undefined> {
    const { prisma } = this.database;
    const good = { keyHash: new Uint8Array(keyHash), kind: 'refresh', exchangedAt: null, revokedAt: null };
    const { count } = await prisma.credential.updateMany({
      where: { ...good, expiresAt: { gt: now } },
      data: { exchangedAt: now, nextHash: nextHash ? new Uint8Array(nextHash) : null },
    });
    return count === 1 ? this.byKeyHash(keyHash) : undefined;
  }

  /** A wallet's credentials, newest first, below `before` (an id). Ids sort by time. */
  async list(query: {
    readonly walletId: string;
    readonly goodAt?: Date | undefined;
    readonly before?: string | undefined;
    readonly limit: number;
  }): Promise<StoredCredential[]> {
    const good = { expiresAt: { gt: query.goodAt }, revokedAt: null, exchangedAt: null };
    const rows = await this.database.prisma.credential.findMany({
      where: {
        walletId: query.walletId,
        ...(query.before === undefined ? {} : { id: { lt: query.before } }),
        ...(query.goodAt === undefined ? {} : good),
      },
      orderBy: { id: 'desc' },
      take: query.limit,
    });
    return rows.map((row) => Row.parse(row));
  }

  /** Those with one of these hashes or ids; of one wallet, unless it is left out. */
  async find(query: {
    readonly keyHashes: readonly Buffer[];
    readonly ids: readonly string[];
    readonly walletId?: string | undefined;
  }): Promise<StoredCredential[]> {
    const keyHash = { in: query.keyHashes.map((hash) => new Uint8Array(hash)) };
    const rows = await this.database.prisma.credential.findMany({
      where: {
        OR: [{ keyHash }, { id: { in: [...query.ids] } }],
        ...(query.walletId === undefined ? {} : { walletId: query.walletId }),
      },
      orderBy: { id: 'desc' },
    });
    return rows.map((row) => Row.parse(row));
  }

  async byId(id: string): Promise<StoredCredential | undefined> {
    return this.#one('"id" = $1', id);
  }

  async byKeyHash(keyHash: Buffer): Promise<StoredCredential | undefined> {
    return this.#one('"key_hash" = $1', keyHash);
  }

  /** Whoever comes with a token waits for this: it goes to the pool as it is. */
  async #one(where: string, value: string | Buffer): Promise<StoredCredential | undefined> {
    const { rows } = await this.database.pool.query(`${SELECT} WHERE ${where}`, [value]);
    return rows[0] ? Row.parse(rows[0]) : undefined;
  }

  /** Notes when credentials were used: Unix milliseconds by id. */
  async markUsed(used: ReadonlyMap<string, number>): Promise<void> {
    const times = [...used.values()].map((ms) => new Date(ms).toISOString());
    await this.database.pool.query(
      `UPDATE "sentinel"."credentials" AS c SET "last_used_at" = used."at"
       FROM unnest($1::text[], $2::timestamptz[]) AS used("id", "at")
       WHERE c."id" = used."id" AND (c."last_used_at" IS NULL OR c."last_used_at" < used."at")`,
      [[...used.keys()], times],
    );
  }
}

/** Held until the transaction ends: a change of role waits, and then finds this credential too. */
async function roleNow(tx: Prisma.TransactionClient, walletId: string): Promise<Role | undefined> {
  const [row] = await tx.$queryRaw<Array<{ role: string }>>`
    SELECT "role" FROM "sentinel"."wallet_roles" WHERE "wallet_id" = ${walletId} FOR SHARE`;
  return row === undefined ? undefined : RoleName.parse(row.role);
}
