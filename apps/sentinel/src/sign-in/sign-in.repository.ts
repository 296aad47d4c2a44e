// One-time sign-in codes, by their hash. That a code works once is decided here, by one statement.
import { type Permission, PermissionName, type Role, RoleName } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';

/** What a code is worth: the rights of whoever asked for it. */
export interface CodeRights {
  readonly walletId: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
  readonly toolset?: readonly string[] | undefined;
}

/** A code that was used up. */
export interface UsedCode extends CodeRights {
  readonly createdAt: Date;
}

const Redeemed = z.object({
  createdAt: z.date(),
  walletId: z.string(),
  role: RoleName,
  permissions: z.array(PermissionName),
  toolset: z.preprocess((value) => value ?? undefined, z.array(z.string()).min(1).optional()),
});

@Injectable()
export class SignInRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Stores a code's hash and takes out those that ended. */
  async add(codeHash: Buffer, rights: CodeRights, life: { readonly from: Date; readonly until: Date }): Promise<void> {
    const { walletId, role, permissions, toolset } = rights;
    await this.database.pool.query(
      `WITH over AS (DELETE FROM "sentinel"."sign_in_codes" WHERE "expires_at" <= $1)
       INSERT INTO "sentinel"."sign_in_codes"
         ("code_hash", "wallet_id", "role", "permissions", "toolset", "created_at", "expires_at")
       VALUES ($3, $4, $5, $6, $7::jsonb, $1, $2)`,
      [life.from, life.until, codeHash, walletId, role, permissions, toolset ? JSON.stringify(toolset) : null],
    );
  }

  /** Uses a code up; undefined when it is unknown, used or over. Of two at once, the row's lock lets one see it unused. */
  async useUp(codeHash: Buffer, now: Date): Promise<UsedCode | undefined> {
    const { rows } = await this.database.pool.query(
      `UPDATE "sentinel"."sign_in_codes" SET "used_at" = $1
       WHERE "code_hash" = $2 AND "used_at" IS NULL AND "expires_at" > $1
       RETURNING "wallet_id" AS "walletId", "role", "permissions", "toolset", "created_at" AS "createdAt"`,
      [now, codeHash],
    );
    return rows[0] === undefined ? undefined : Redeemed.parse(rows[0]);
  }
}
