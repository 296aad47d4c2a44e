// One-time sign-in codes, by their hash. That a code works once is decided here, by one statement.
import { type Permission, PermissionName, type Role, RoleName } from '@labmesh/contracts';
import { DATABASE, type Database, Prisma } from '@labmesh/db';
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
    const { prisma } = this.database;
    await prisma.$transaction([
      prisma.signInCode.deleteMany({ where: { expiresAt: { lte: life.from } } }),
      prisma.signInCode.create({
        data: {
          codeHash: new Uint8Array(codeHash),
          walletId: rights.walletId,
          role: rights.role,
          permissions: [...rights.permissions],
          toolset: rights.toolset ? [...rights.toolset] : Prisma.DbNull,
          createdAt: life.from,
          expiresAt: life.until,
        },
      }),
    ]);
  }

  /** Uses a code up; undefined when it is unknown, used or over. Of two at once, the row's lock lets one see it unused. */
  async useUp(codeHash: Buffer, now: Date): Promise<UsedCode | undefined> {
    const rows = await this.database.prisma.$queryRaw<unknown[]>`
      UPDATE "sentinel"."sign_in_codes" SET "used_at" = ${now}
      WHERE "code_hash" = ${new Uint8Array(codeHash)} AND "used_at" IS NULL AND "expires_at" > ${now}
      RETURNING "wallet_id" AS "walletId", "role", "permissions", "toolset",
        "created_at" AS "createdAt"`;
    return rows[0] === undefined ? undefined : Redeemed.parse(rows[0]);
  }
}
