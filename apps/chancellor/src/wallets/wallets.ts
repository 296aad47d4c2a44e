// Wallets: who there is, with which role. It hands out roles of the contract's table only and never moves money.

import {
  type chancellor,
  microToAmount,
  type Principal,
  type Role,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Policies } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { refuseUnstorable } from '../text.js';
import { refuseOthersWallet, walletNotFound } from './ownership.js';
import { type RoleChange, WalletsRepository } from './wallets.repository.js';

type Tools = typeof chancellor.tools;

@Injectable()
export class Wallets {
  constructor(
    @Inject(WalletsRepository) private readonly repository: WalletsRepository,
    @Inject(Policies) private readonly policies: Pick<Policies, 'current'>,
  ) {}

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
      permissions: [...this.policies.current.rightsOf(wallet.role).permissions],
      balance: microToAmount(0n),
      createdAt: createdAt.toISOString(),
    };
  }

  /** Opens the operator's wallet under the id that Sentinel chose; once, however often it is asked. */
  async openOperator(walletId: string): Promise<void> {
    await this.repository.open({ id: walletId, role: 'operator', label: 'operator' });
  }

  /** The operator gave a wallet another role; an older change than the newest that was heard changes nothing: false. */
  changeRole(change: RoleChange): Promise<boolean> {
    return this.repository.changeRole(change);
  }

  /** The caller's own wallet, or any for who may read any. Errors: `forbidden`, `not_found`. */
  async get(walletId: string, caller: Principal): Promise<{ walletId: string; role: Role }> {
    refuseOthersWallet(walletId, caller);
    const role = await this.repository.findRole(walletId);
    if (role === undefined) throw walletNotFound(walletId);
    return { walletId, role };
  }
}
