// Which wallet has which role, as the Chancellor told it. A role, once known, does not change.
import { type Role, RoleName } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

@Injectable()
export class PrincipalsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Adds a wallet; one that is known stays as it is. */
  async add(walletId: string, role: Role): Promise<void> {
    await this.database.prisma.walletRole.createMany({ data: [{ walletId, role }], skipDuplicates: true });
  }

  async roleOf(walletId: string): Promise<Role | undefined> {
    const row = await this.database.prisma.walletRole.findUnique({ where: { walletId } });
    return row ? RoleName.parse(row.role) : undefined;
  }
}
