// The subjects of the mesh that belong to no contract: what processes tell and ask each other about themselves. Whoever uses
// one takes it from here, and so do the rights at the broker (nats/rights.ts): nobody types a subject twice.
import { PRESENCE_SUBJECT } from '@labmesh/contracts';

/** Before a second name stands what is no agent: no agent may have such a name. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['event', 'log', 'mesh']);

/** A new policy: the policy whole, or its version alone. */
export const POLICY_SUBJECT = 'labmesh.$policy';
/** A wallet has another role. */
export const ROLE_SUBJECT = 'labmesh.$role';
/** Credentials that are good no more. */
export const REVOKED_SUBJECT = 'labmesh.$revoked';
/** Which keys tokens and passes are verified with. */
export const KEYS_SUBJECT = 'labmesh.$keys';
/** Who is kept from something, and who is no more. */
export const RESTRICTED_SUBJECT = 'labmesh.$restricted';
/** Asked of every process: how it scores. */
export const SCORING_SUBJECT = 'labmesh.$scoring';
/** What the Sentinel alone tells or asks, and every process hears. */
export const SENTINEL_TELLS: readonly string[] = [
  POLICY_SUBJECT,
  ROLE_SUBJECT,
  REVOKED_SUBJECT,
  KEYS_SUBJECT,
  RESTRICTED_SUBJECT,
  SCORING_SUBJECT,
];

/** Asked of every process: how it is. */
export const STATE_SUBJECT = 'labmesh.$state';
/** The circuits to an agent are to let the next call through. */
export const CIRCUITS_SUBJECT = 'labmesh.$circuits';
/** Asked of what runs jobs on a machine: what is left there of attempts, and to end it. */
export const NODE_SUBJECT = 'labmesh.$node';
/** What the Mechanic alone tells or asks, and every process hears. */
export const MECHANIC_TELLS: readonly string[] = [STATE_SUBJECT, CIRCUITS_SUBJECT, NODE_SUBJECT];

/** What has changed behind an address. */
export const CHANGED_SUBJECT = 'labmesh.$changed';
/** What wallets spent of their limits. */
export const SPENT_SUBJECT = 'labmesh.$spent';
/** What became of jobs: between the Mechanic and its workers. */
export const JOBS_SUBJECT = 'labmesh.$jobs';
/** What every process tells, and every process hears. */
export const EVERYONE_TELLS: readonly string[] = [PRESENCE_SUBJECT, CHANGED_SUBJECT, SPENT_SUBJECT];

/** Between the replicas of one app: what they tell each other about sessions. */
export const sessionNewsSubject = (app: string): string => `labmesh.$sessions.${app}`;
/** Asked of one replica. */
export const sessionPeerSubject = (app: string, replica: string): string => `${sessionNewsSubject(app)}.${replica}`;

/** Names of the two stores in which the replicas of one app keep sessions. */
export const sessionRecords = (app: string): string => `labmesh-sessions-${app}`;
export const sessionEvents = (app: string): string => `labmesh-session-events-${app}`;

/** Names of the gateway's two stores for uploads: which replica writes to which, and how much each wallet has brought. */
export const UPLOAD_LOCKS = 'labmesh-upload-locks';
export const UPLOAD_LEDGER = 'labmesh-upload-ledger';

/** Asked of one worker: what it has of a job's log that is open. */
export const workerSubject = (workerId: string): string => `labmesh.$worker.${workerId}`;
