// What the Sentinel hears: calls to remember and wallets to know. Each may come twice and has its effect once.
import { callsRecorded, chancellor, type Listeners } from '@labmesh/contracts';
import type { AuditLog } from './audit/audit-log.js';
import type { Principals } from './principals/principals.js';

export const sentinelListens = {
  calls_recorded: callsRecorded,
  wallet_created: chancellor.events.wallet_created,
} as const;

export const sentinelEvents = (audit: AuditLog, principals: Principals): Listeners<typeof sentinelListens> => ({
  calls_recorded: ({ records }) => audit.record(records),
  wallet_created: ({ walletId, role }) => principals.learn(walletId, role),
});
