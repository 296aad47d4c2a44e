// What a policy would have done to the calls that were recorded. It reads the audit log and changes nothing.

import { DRY_RUN_CHANGED_MAX, gatewayName, type NamedTool, type sentinel, type ToolOutput } from '@labmesh/contracts';
import { type CompiledPolicy, type Decision, decide, type Rights } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { TOOLS } from '../decisions/decisions.js';
import { type TrafficGroup, TrafficRepository } from './traffic.repository.js';

type Traffic = NonNullable<ToolOutput<(typeof sentinel.tools)['set_policy']>['traffic']>;
type Changed = Traffic['changed'][number];

interface Policies {
  readonly before: CompiledPolicy;
  readonly after: CompiledPolicy;
}

@Injectable()
export class DryRun {
  constructor(
    @Inject(TrafficRepository) private readonly traffic: TrafficRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async on(sinceHours: number, policies: Policies): Promise<Traffic> {
    const from = new Date(this.clock() - sinceHours * 3_600_000);
    const { groups, calls } = await this.traffic.since(from);
    const decided = groups.flatMap((group) => again(group, policies) ?? []);
    const changed = decided.filter(({ before, after }) => before !== after);
    return {
      from: from.toISOString(),
      calls,
      undecided: calls - sum(decided),
      wouldDeny: sum(changed.filter(({ after }) => after === 'deny')),
      wouldAllow: sum(changed.filter(({ after }) => after === 'allow')),
      changed: changed.slice(0, DRY_RUN_CHANGED_MAX),
      more: Math.max(0, changed.length - DRY_RUN_CHANGED_MAX),
    };
  }
}

const sum = (groups: readonly Changed[]): number => groups.reduce((calls, group) => calls + group.calls, 0);

/** The group under both policies; undefined when nobody can say. */
function again(group: TrafficGroup, { before, after }: Policies): Changed | undefined {
  const { walletId, role, credentialId, agent, tool: plain, recorded, calls } = group;
  const name = gatewayName(agent, plain);
  const tool = TOOLS.get(name);
  if (walletId === null || role === undefined || tool === undefined) return undefined;
  const [old, now] = [before, after].map((policy) => decideAgain(group, tool, policy)) as [Decision, Decision];
  return {
    walletId,
    role,
    credentialId,
    agent,
    tool: name,
    recorded,
    before: word(old),
    after: word(now),
    rule: now.rule,
    reason: now.reason,
    calls,
  };
}

function decideAgain(
  { walletId, role, permissions, toolset, acting }: TrafficGroup,
  tool: NamedTool,
  policy: CompiledPolicy,
) {
  const ofRole = policy.rightsOf(role ?? 'citizen');
  const rights: Rights = {
    ...ofRole,
    ...(permissions === undefined ? {} : { permissions }),
    ...(toolset === undefined ? {} : { toolset }),
    ...(walletId === null ? {} : { walletId }),
  };
  return decide(rights, tool, { policy, acting });
}

const word = ({ decision }: Decision): Changed['before'] => (decision ? 'allow' : 'deny');
