// What a process knows of who is calling and what they may do: made once, told by broadcasts, asked by endpoints and agents.
import type { ProcessBase } from '@labmesh/runtime';
import { globalModule } from '@labmesh/runtime';
import type { DynamicModule } from '@nestjs/common';
import { ChangedRoles } from './changed-roles.js';
import { KeySet } from './key-set.js';
import { KeysListener } from './keys-listener.js';
import { PassVerifier } from './pass-verifier.js';
import { Policies } from './policies.js';
import { RestrictionList } from './restriction-list.js';
import { RestrictionListener } from './restriction-listener.js';
import { Restrictions } from './restrictions.js';
import { RevocationListener } from './revocation-listener.js';
import { RevokedCredentials } from './revoked-credentials.js';
import { RightsListener } from './rights-listener.js';

export interface IdentityServices {
  readonly keys: KeySet;
  readonly revoked: RevokedCredentials;
  readonly roles: ChangedRoles;
  readonly policies: Policies;
  readonly passes: PassVerifier;
  readonly restrictions: Restrictions;
  readonly restrictionList: RestrictionList;
}

export function identityServices({ bus, config }: Pick<ProcessBase, 'bus' | 'config'>): IdentityServices {
  const keys = new KeySet(bus);
  const revoked = new RevokedCredentials();
  const roles = new ChangedRoles();
  const policies = new Policies(bus);
  const passes = new PassVerifier(keys, config.publicUrl, { revoked, roles, policies });
  const restrictions = new Restrictions();
  return {
    keys,
    revoked,
    roles,
    policies,
    passes,
    restrictions,
    restrictionList: new RestrictionList(bus, restrictions),
  };
}

export const identityModule = (services: IdentityServices): DynamicModule =>
  globalModule(
    [
      [KeySet, services.keys],
      [RevokedCredentials, services.revoked],
      [ChangedRoles, services.roles],
      [Policies, services.policies],
      [Restrictions, services.restrictions],
      [RestrictionList, services.restrictionList],
    ],
    [KeysListener, RevocationListener, RightsListener, RestrictionListener],
  );
