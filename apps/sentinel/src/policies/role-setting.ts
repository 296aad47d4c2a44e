// set_role: another of the ready-made roles for a wallet. The operator's wallet keeps its own, and nobody else gets that one.

import { ROLE_SUBJECT } from '@labmesh/bus';
import { AppError, type Call, type Role, type sentinel, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { ChangedRoles, Policies } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { Principals } from '../principals/principals.js';
import { PrincipalsRepository } from '../principals/principals.repository.js';
import { RepeatedBroadcast } from '../repeated-broadcast.js';

type SetRole = (typeof sentinel.tools)['set_role'];
type Changed = Parameters<ChangedRoles['learn']>[0];

@Injectable()
export class RoleSetting {
  constructor(
    @Inject(Principals) private readonly principals: Principals,
    @Inject(PrincipalsRepository) private readonly repository: PrincipalsRepository,
    @Inject(Policies) private readonly policies: Policies,
    @Inject(ChangedRoles) private readonly changed: ChangedRoles,
    @Inject(RepeatedBroadcast) private readonly broadcast: RepeatedBroadcast,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws AppError not_found when there is no such wallet, forbidden for the operator's */
  async set({ walletId, role }: ToolInput<SetRole>, call: Call): Promise<ToolOutput<SetRole>> {
    const known = await this.principals.roleOf(walletId, call);
    const change =
      known === 'operator' ? undefined : await this.repository.change(walletId, role, new Date(this.clock()));
    if (change === undefined)
      throw new AppError(
        'forbidden',
        'Cannot give the operator’s wallet another role: the lab would have no operator.',
      );
    if (change.before !== role) this.#announce({ walletId, role, change: change.change });
    return { walletId, role, before: change.before, ...this.#difference(change.before, role) };
  }

  /** Tells the role that the wallet has now: an event that comes late must not bring an older one back. */
  async announceNow(walletId: string): Promise<void> {
    const now = await this.repository.newest(walletId);
    if (now !== undefined) this.#announce(now);
  }

  /** Every process, this one first. */
  #announce(change: Changed): void {
    this.changed.learn(change);
    this.broadcast.tell(ROLE_SUBJECT, change);
  }

  #difference(before: Role, after: Role) {
    const [old, now] = [before, after].map((role) => this.policies.current.rightsOf(role).permissions);
    return {
      gained: now?.filter((permission) => !old?.includes(permission)) ?? [],
      lost: old?.filter((permission) => !now?.includes(permission)) ?? [],
    };
  }
}
