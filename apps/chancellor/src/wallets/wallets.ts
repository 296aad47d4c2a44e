// Wallets: who there is, with which role. It hands out roles of the contract's table only and never moves money.
import {
  type chancellor,
  microToAmount,
  type Principal,
  ROLE_PERMISSIONS,
  type Role,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { refuseUnstorable } from '../text.js';
import { refuseOthersWallet, walletNotFound } from './ownership.js';
import { WalletsRepository } from './wallets.repository.js';

type Tools = typeof chancellor.tools;

@Injectable()
export class Wallets {
  constructor(@Inject(WalletsRepository) private readonly repository: WalletsRepository) {}

  /** Opens an empty wallet of a new id; the event `wallet_created` follows. */
  async create(
    input: ToolInput<Tools['create_boilerplate_wallet']>,
  ): Promise<ToolOutput<Tools['create_boilerplate_wallet']>> {
    refuseUnstorable('label', input.label);
    const wallet = { id: `wal_${uuidv7()}`, role: input.role, label: input.label ?? null };
    const createdAt = await this.repository.open(wallet);
    if (createdAt === undefined) throw new Error(`a new wallet id was taken: ${wallet.id}`);
    return {
      walletId: wallet.id,
      role: wallet.role,
      label: wallet.label,
      permissions: [...ROLE_PERMISSIONS[wallet.role]],
      balance: microToAmount(0n),
      createdAt: createdAt.toISOString(),
    };
  }

  /** Opens the operator's wallet under the id that Sentinel chose; once, however often it is asked. */
  async openOperator(walletId: string): Promise<void> {
    await this.repository.open({ id: walletId, role: 'operator', label: 'operator' });
  }

  /** The caller's own wallet, or any for who may read any. Errors: `forbidden`, `not_found`. */
  async get(walletId: string, caller: Principal): Promise<{ walletId: string; role: Role }> {
    refuseOthersWallet(walletId, caller);
    const role = await this.repository.findRole(walletId);
    if (role === undefined) throw walletNotFound(walletId);
    return { walletId, role };
  }
}
