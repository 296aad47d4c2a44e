// set_policy: the operator's new policy, checked, tried or set. Each is a new version; none is ever changed or taken away.

import { AppError, type Call, type Policy, type sentinel, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { CompiledPolicy } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { OperatorRepository } from '../operator/operator.repository.js';
import { DryRun } from './dry-run.js';
import { outdated, PoliciesRepository, type StoredPolicy } from './policies.repository.js';
import { policyDifference, samePolicy, toolDifference } from './policy-difference.js';
import { PolicyInForce } from './policy-in-force.js';
import { refuseLockout, refuseUnknownNames, refuseUnsafe } from './policy-safety.js';

type SetPolicy = (typeof sentinel.tools)['set_policy'];

@Injectable()
export class PolicySetting {
  constructor(
    @Inject(PoliciesRepository) private readonly repository: PoliciesRepository,
    @Inject(PolicyInForce) private readonly inForce: PolicyInForce,
    @Inject(OperatorRepository) private readonly operator: OperatorRepository,
    @Inject(DryRun) private readonly dryRun: DryRun,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws AppError conflict for another base, not_found for a version to restore, invalid_input, too_large */
  async set(input: ToolInput<SetPolicy>, { principal }: Pick<Call, 'principal'>): Promise<ToolOutput<SetPolicy>> {
    const before = await this.inForce.newest();
    if (input.baseVersion !== undefined && input.baseVersion !== before.version) throw outdated(input.baseVersion);
    const policy = await this.#asked(input);
    const now = this.clock();
    const [old, next] = [before.policy, policy].map(
      (document) => new CompiledPolicy({ version: before.version, policy: document }, now),
    ) as [CompiledPolicy, CompiledPolicy];
    refuseUnsafe(policy);
    refuseLockout(next, await this.operator.walletId());
    const told = { changes: policyDifference(before.policy, policy), tools: toolDifference(old, next) };
    if (input.dryRun) {
      const traffic = await this.dryRun.on(input.sinceHours, { before: old, after: next });
      return { version: before.version, set: false, ...told, traffic };
    }
    if (samePolicy(before.policy, policy)) return { version: before.version, set: false, ...told };
    const version = await this.#append(before, { policy, input, by: principal.walletId });
    return { version, set: true, ...told };
  }

  async #asked({ policy, restore }: ToolInput<SetPolicy>): Promise<Policy> {
    if (policy !== undefined) {
      refuseUnknownNames(policy);
      return policy;
    }
    const old = restore === undefined ? undefined : await this.repository.byVersion(restore);
    if (old === undefined)
      throw new AppError(
        'not_found',
        `Cannot restore version ${restore}: there is none. sentinel_list_policies shows the versions there are.`,
      );
    return old.policy;
  }

  /** In force in this process when it resolves; the event brings it to the others. */
  async #append(
    before: StoredPolicy,
    { policy, input, by }: { policy: Policy; input: ToolInput<SetPolicy>; by: string },
  ): Promise<number> {
    const at = new Date(this.clock());
    const { note, restore: restored } = input;
    const version = await this.repository.append(before.version, { policy, by, at, note, restored });
    await this.inForce.announce();
    return version;
  }
}
