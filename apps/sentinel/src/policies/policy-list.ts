// list_policies: the policy in force or an earlier one, and the history of both.

import { AppError, ROLES, type sentinel, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { CompiledPolicy } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { PoliciesRepository, type StoredPolicy } from './policies.repository.js';
import { policyDifference } from './policy-difference.js';

type List = (typeof sentinel.tools)['list_policies'];

@Injectable()
export class PolicyList {
  constructor(@Inject(PoliciesRepository) private readonly repository: PoliciesRepository) {}

  /** @throws AppError not_found for a version that was never set */
  async list({ version, limit, before }: ToolInput<List>): Promise<ToolOutput<List>> {
    const newest = await this.repository.newest();
    const shown = version === undefined ? newest : await this.repository.byVersion(version);
    if (shown === undefined)
      throw new AppError(
        'not_found',
        `Cannot show version ${version} of the policy: there is none. Version ${newest.version} is the newest.`,
      );
    // One more, which the last one of the page is compared with.
    const found = await this.repository.page(before, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const compiled = new CompiledPolicy(shown, 0);
    return {
      inForce: newest.version,
      shown: { version: shown.version, policy: shown.policy },
      permissions: ROLES.map((role) => ({ role, permissions: [...compiled.rightsOf(role).permissions] })),
      versions: page.map((each, at) => told(each, found[at + 1])),
      ...(found.length > page.length && last !== undefined ? { nextBefore: last.version } : {}),
    };
  }
}

const told = (
  { version, policy, by, at, note, restored }: StoredPolicy,
  before: StoredPolicy | undefined,
): ToolOutput<List>['versions'][number] => ({
  version,
  ...(at === undefined ? {} : { at: at.toISOString() }),
  ...(by === undefined ? {} : { by }),
  note,
  ...(restored === undefined ? {} : { restored }),
  changes: before === undefined ? [] : policyDifference(before.policy, policy),
});
