// Brings what the Sentinel says of rights to this process: a new policy, another role of a wallet. It decides nothing.

import { POLICY_SUBJECT, ROLE_SUBJECT } from '@labmesh/bus';
import { RoleName, VersionedPolicy, WalletId } from '@labmesh/contracts';
import { LOGGER, type Logger } from '@labmesh/runtime';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { ChangedRoles } from './changed-roles.js';
import { Policies } from './policies.js';

const PolicyNews = VersionedPolicy.partial({ policy: true });
const RoleNews = z.object({ walletId: WalletId, role: RoleName, change: z.number().int().min(1) });

@Controller()
export class RightsListener {
  constructor(
    @Inject(Policies) private readonly policies: Policies,
    @Inject(ChangedRoles) private readonly roles: ChangedRoles,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @EventPattern(POLICY_SUBJECT, { queue: '' })
  policySet(@Payload() message: object): void {
    const { data } = PolicyNews.safeParse(message);
    if (data === undefined) return;
    const { version, policy } = data;
    if (policy !== undefined) this.policies.learn({ version, policy });
    // Whoever shows a pass of this version waits for it; so nothing is lost when this fails.
    this.policies
      .atLeast(version)
      ?.catch((error: unknown) => this.log.warn({ err: error, version }, 'no newer policy'));
  }

  @EventPattern(ROLE_SUBJECT, { queue: '' })
  roleSet(@Payload() message: object): void {
    const news = RoleNews.safeParse(message);
    if (news.success) this.roles.learn(news.data);
  }
}
