// What the lab does about anomalies now: part of the policy in force.
import { Policies } from '@labmesh/agent';
import type { AnomalyPolicy } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';

@Injectable()
export class AnomalyPolicies {
  constructor(@Inject(Policies) private readonly policies: Pick<Policies, 'current'>) {}

  current(): AnomalyPolicy {
    return this.policies.current.source.policy.anomalies;
  }
}
