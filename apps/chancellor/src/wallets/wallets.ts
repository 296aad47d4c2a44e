// Wallets: who there is, from which template, open, frozen or closed. It hands out roles of the contract's table only and never moves money.

import {
  AppError,
  type chancellor,
  microToAmount,
  type PermissionName,
  type Principal,
  type Role,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Policies } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { rateOf } from '../governance/parameters/earning-rate.js';
import { Parameters } from '../governance/parameters/parameters.js';
import { refuseUnprintable } from '../text.js';
import { refuseOthersWallet, walletNotFound } from './ownership.js';
import { type RoleChange, type Template, type WalletRow, WalletsRepository } from './wallets.repository.js';

type Tools = typeof chancellor.tools;
type Created = ToolOutput<Tools['create_boilerplate_wallet']>;

@Injectable()
export class Wallets {
  constructor(
    @Inject(WalletsRepository) private readonly repository: WalletsRepository,
    @Inject(Policies) private readonly policies: Pick<Policies, 'current'>,
    @Inject(Parameters) private readonly parameters: Pick<Parameters, 'current'>,
  ) {}

  /**
   * Opens an empty wallet of a new id; the event `wallet_created` follows. An owner who has one gets that one.
   * Errors: `invalid_input`; `conflict` when the owner's wallet was opened as another.
   */
  async create({ role, label, owner }: ToolInput<Tools['create_boilerplate_wallet']>): Promise<Created> {
    refuseUnprintable('label', label);
    refuseUnprintable('owner', owner);
    const wallet = { id: `wal_${uuidv7()}`, role, label: label ?? null, owner: owner ?? null };
    const createdAt = await this.repository.open(wallet);
    if (createdAt !== undefined) return await this.#describe({ ...wallet, template: role, createdAt });
    const earlier = owner === undefined ? undefined : await this.repository.findByOwner(owner);
    if (earlier === undefined) throw new Error(`a new wallet id was taken: ${wallet.id}`);
    if ((earlier.template ?? earlier.role) !== role || (label !== undefined && earlier.label !== label))
      throw new AppError(
        'conflict',
        `Cannot open a wallet for ${owner}: it has ${earlier.id}, opened as ${earlier.template ?? earlier.role}${earlier.label === null ? '' : ` and label "${earlier.label}"`}. Use that one, or change its role with sentinel_set_role.`,
      );
    return await this.#describe(earlier);
  }

  /** The templates that wallets are opened from, with the earning rates in force. */
  async templates(): Promise<ToolOutput<Tools['list_wallet_templates']>> {
    const [templates, { values }] = await Promise.all([this.repository.templates(), this.parameters.current()]);
    return {
      templates: templates.map((one) => ({
        name: one.name,
        title: one.title,
        role: one.role,
        permissions: this.#permissionsOf(one.role),
        ...describeTemplate(one, rateOf(values, one.name)),
      })),
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
  async get(walletId: string | undefined, caller: Principal): Promise<ToolOutput<Tools['get_wallet']>> {
    const id = walletId ?? caller.walletId;
    refuseOthersWallet(id, caller);
    const wallet = await this.repository.find(id);
    if (wallet === undefined) throw walletNotFound(id);
    const template = await this.#templateOf(wallet.template);
    return { ...describeWallet(wallet), statusReason: wallet.statusReason, limits: limitsOf(template) };
  }

  /** Every wallet, in the order of their opening. Errors: `invalid_input`. */
  async list(input: ToolInput<Tools['list_wallets']>): Promise<ToolOutput<Tools['list_wallets']>> {
    const { role, status, limit, cursor } = input;
    if (cursor !== undefined && !/^wal_[0-9a-f-]{36}$/.test(cursor))
      throw new AppError('invalid_input', 'Cannot page: cursor must be the nextCursor of an earlier answer.');
    const found = await this.repository.list(
      {
        ...(role === undefined ? {} : { role }),
        ...(status === undefined ? {} : { status }),
        ...(cursor === undefined ? {} : { after: cursor }),
      },
      limit + 1,
    );
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      wallets: page.map(describeWallet),
      ...(found.length > limit && last !== undefined ? { nextCursor: last.id } : {}),
    };
  }

  async #describe(wallet: Pick<WalletRow, 'id' | 'role' | 'template' | 'label' | 'createdAt'>): Promise<Created> {
    const template = await this.#templateOf(wallet.template);
    const rateMicro = template === undefined ? 0n : rateOf((await this.parameters.current()).values, template.name);
    return {
      walletId: wallet.id,
      role: wallet.role,
      label: wallet.label,
      permissions: this.#permissionsOf(wallet.role),
      ...describeTemplate(template, rateMicro),
      balance: microToAmount(0n),
      createdAt: wallet.createdAt.toISOString(),
    };
  }

  #permissionsOf(role: Role): z.output<typeof PermissionName>[] {
    return [...this.policies.current.rightsOf(role).permissions];
  }

  async #templateOf(name: string | null): Promise<Template | undefined> {
    return (await this.repository.templates()).find((one) => one.name === name);
  }
}

const limitsOf = (template: Template | undefined) => {
  const { perTransactionMicro = null, perDayMicro = null } = template ?? {};
  return {
    perTransaction: perTransactionMicro === null ? null : microToAmount(perTransactionMicro),
    perDay: perDayMicro === null ? null : microToAmount(perDayMicro),
  };
};

const describeTemplate = (template: Template | undefined, rateMicro: bigint) => ({
  earningRate: microToAmount(rateMicro),
  limits: limitsOf(template),
  toolset: [...(template?.toolset ?? [])],
});

const describeWallet = (wallet: WalletRow) => ({
  walletId: wallet.id,
  role: wallet.role,
  label: wallet.label,
  template: wallet.template,
  owner: wallet.owner,
  status: wallet.status,
  createdAt: wallet.createdAt.toISOString(),
});
