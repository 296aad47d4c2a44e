// Recorded calls in groups of what is decided alike, with the rights of today: who, with which credential, what, how often.
import { type Permission, PermissionName, type Role, RoleName } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';

/** More groups than this are counted, not looked at one by one. */
export const GROUPS_MAX = 20_000;

export interface TrafficGroup {
  readonly walletId: string | null;
  readonly credentialId: string | null;
  readonly agent: string;
  readonly tool: string;
  readonly recorded: 'allow' | 'deny';
  /** An agent acted for the wallet. */
  readonly acting: boolean;
  readonly calls: number;
  /** Of the wallet today; absent when it is not known here. */
  readonly role?: Role | undefined;
  /** Of the credential; absent when it is not known any more. */
  readonly permissions?: readonly Permission[] | undefined;
  readonly toolset?: readonly string[] | undefined;
}

// The statement names its columns as the schema does; null is what a join did not find.
const nullable = <T extends z.ZodType>(schema: T) => schema.nullable().transform((value) => value ?? undefined);
const Row = z.object({
  walletId: z.string().nullable(),
  credentialId: z.string().nullable(),
  agent: z.string(),
  tool: z.string(),
  recorded: z.enum(['allow', 'deny']),
  acting: z.boolean(),
  calls: z.coerce.number(),
  total: z.coerce.number(),
  role: nullable(RoleName),
  permissions: nullable(z.array(PermissionName)),
  toolset: nullable(z.array(z.string())),
});

// $1 from when, $2 most groups.
const GROUPS = `
  WITH groups AS (
    SELECT "wallet_id", "credential_id", "agent", "tool", "decision", cardinality("chain") > 0 AS "acting",
           count(*) AS "calls", sum(count(*)) OVER () AS "total"
      FROM "sentinel"."audit_records"
     WHERE "at" >= $1::timestamptz
     GROUP BY 1, 2, 3, 4, 5, 6
     ORDER BY "calls" DESC, 1, 2, 3, 4, 5, 6
     LIMIT $2
  )
  SELECT g."wallet_id" AS "walletId", g."credential_id" AS "credentialId", g."agent", g."tool", g."decision" AS "recorded",
         g."acting", g."calls"::text, g."total"::text, w."role", c."permissions", c."toolset"
    FROM groups g
    LEFT JOIN "sentinel"."wallet_roles" w ON w."wallet_id" = g."wallet_id"
    LEFT JOIN "sentinel"."credentials" c ON c."id" = g."credential_id"
   ORDER BY g."calls" DESC, 1, 2, 3, 4, 5, 6`;

@Injectable()
export class TrafficRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Most calls first; `calls` counts those of groups beyond the bound too. */
  async since(from: Date): Promise<{ readonly groups: readonly TrafficGroup[]; readonly calls: number }> {
    const { rows } = await this.database.pool.query(GROUPS, [from.toISOString(), GROUPS_MAX]);
    const parsed = rows.map((row: unknown) => Row.parse(row));
    return { groups: parsed, calls: parsed[0]?.total ?? 0 };
  }
}
