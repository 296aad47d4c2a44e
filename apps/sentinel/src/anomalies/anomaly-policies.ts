// What the lab does about anomalies now: part of the policy in force.

import type { AnomalyPolicy } from '@labmesh/contracts';
import { Policies } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';

@Injectable()
export class AnomalyPolicies {
  constructor(@Inject(Policies) private readonly policies: Pick<Policies, 'current'>) {}

  current(): AnomalyPolicy {
    return this.policies.current.source.policy.anomalies;
  }
}
