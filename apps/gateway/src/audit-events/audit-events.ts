// GET /audit/events: the audit log as server-sent events, for those who may read it.
import { type AuditFollowing, type AuditPage, sentinel } from '@labmesh/contracts';
import type { LiveKind } from '../live/live-events.js';
import { followingOf } from './following.js';

/** How long one question may go on; a Sentinel that stops does not wait longer for it. */
const FOLLOW_S = 30;

const named = <T extends keyof typeof sentinel.tools>(tool: T) => ({
  agent: sentinel.name,
  tool,
  spec: sentinel.tools[tool],
});

export const auditEvents: LiveKind<AuditFollowing, AuditPage> = {
  tool: named('audit_log_stream'),
  question: {
    tool: named('follow_audit_log'),
    input: (asked) => ({ ...asked, followSeconds: FOLLOW_S }),
    behind: (asked, { cursor }) => ({ ...asked, after: cursor }),
    isOver: () => false,
    silent: 'The Sentinel does not answer. The stream goes on as soon as it does; nothing is missed.',
  },
  asked: followingOf,
  write: (writer, { records, cursor }) => {
    let room = true;
    for (const record of records) room = writer.event('record', record.cursor, record);
    writer.reached(cursor);
    return room;
  },
  hint: 'Follow the audit log with GET',
  again: 'This gateway stops. Come again with Last-Event-ID: nothing is missed.',
};
