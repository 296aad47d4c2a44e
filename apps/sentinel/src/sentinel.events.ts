// What the Sentinel hears: calls to remember and wallets to know. Each may come twice and has its effect once.

import { handlersOf } from '@labmesh/agent';
import { RESTRICTED_SUBJECT } from '@labmesh/bus';
import { callsRecorded, chancellor, type Listeners, sentinel, unusualTextsFound } from '@labmesh/contracts';
import { Anomalies } from './anomalies/anomalies.js';
import { AuditLog } from './audit/audit-log.js';
import { PolicyInForce } from './policies/policy-in-force.js';
import { RoleSetting } from './policies/role-setting.js';
import { Principals } from './principals/principals.js';
import { RepeatedBroadcast } from './repeated-broadcast.js';
import { Revocations } from './tokens/revocations.js';

export const sentinelListens = {
  calls_recorded: callsRecorded,
  wallet_created: chancellor.events.wallet_created,
  credentials_revoked: sentinel.events.credentials_revoked,
  policy_set: sentinel.events.policy_set,
  role_set: sentinel.events.role_set,
  restriction_changed: sentinel.events.restriction_changed,
  unusual_texts_found: unusualTextsFound,
} as const;

export const sentinelEvents = handlersOf(
  [AuditLog, Principals, Revocations, PolicyInForce, RoleSetting, Anomalies, RepeatedBroadcast],
  (audit, principals, revocations, policy, roles, anomalies, broadcast): Listeners<typeof sentinelListens> => ({
    calls_recorded: ({ records }) => audit.record(records),
    restriction_changed: ({ restrictions }) => broadcast.tell(RESTRICTED_SUBJECT, { restrictions }),
    unusual_texts_found: ({ alarms }) => anomalies.takeTexts(alarms),
    credentials_revoked: ({ tokenIds }) => revocations.announce(tokenIds),
    policy_set: () => policy.announce(),
    role_set: (change) => roles.announceNow(change.walletId),
    wallet_created: ({ walletId, role }) => principals.learn(walletId, role),
  }),
);
