// The Sentinel's tools over the audit log: following it, searching it, and proving what it says.
import { z } from 'zod';
import { CallRecord } from './audit.js';
import { ERROR_CODES, type ErrorCodeName } from './errors.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Timestamp, WalletId } from './values.js';

/** From what needs no look to what does. */
export const SEVERITIES = ['info', 'notice', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Outcomes that are the lab's own trouble, not the caller's. */
export const LAB_FAILURES = (Object.keys(ERROR_CODES) as ErrorCodeName[]).filter(
  (code) => ERROR_CODES[code].http >= 500,
);

/** `error`: the lab failed; `warning`: refused; `notice`: the call failed on what its caller sent; `info`: the rest. */
export function severityOf({ decision, outcome }: Pick<CallRecord, 'decision' | 'outcome'>): Severity {
  if (outcome !== 'ok' && LAB_FAILURES.includes(outcome)) return 'error';
  if (decision === 'deny') return 'warning';
  return outcome === 'ok' ? 'info' : 'notice';
}

const Cursor = z.string().regex(/^\d{1,15}$/, 'a cursor is the number an earlier answer gave');
const Hash = z.string().regex(/^[0-9a-f]{64}$/);

export const AuditEntry = CallRecord.extend({
  cursor: z.string().describe('Place in the log, counted from 1'),
  severity: z.enum(SEVERITIES),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** Which records somebody wants of what comes. */
export const AuditWanted = z.object({
  walletId: WalletId.optional(),
  agent: holds('identifier', z.string().max(40)).optional(),
  tool: holds(
    'identifier',
    z.string().max(80).describe('As the agent has it, or as the gateway: curator_fetch_dataset'),
  ).optional(),
  decision: z.enum(['allow', 'deny']).optional(),
  outcome: CallRecord.shape.outcome.optional(),
  severity: z.enum(SEVERITIES).optional().describe('At least this grave'),
});

/** Where somebody goes on: a place in the log, and which records behind it. */
export const AuditFollowing = AuditWanted.extend({ after: Cursor.optional().describe('From now on when left out') });
export type AuditFollowing = z.infer<typeof AuditFollowing>;

const filters = {
  ...AuditWanted.shape,
  from: Timestamp.optional().describe('Not before this time'),
  to: Timestamp.optional().describe('Before this time'),
};

const AuditPage = z.object({
  records: z.array(AuditEntry),
  cursor: z.string().describe('All up to here was looked at: go on after it'),
});
export type AuditPage = z.infer<typeof AuditPage>;

const Checkpoint = z.string().describe('Signed tree head: a checkpoint as a signed note (c2sp.org/tlog-checkpoint)');
const Head = z.object({ size: z.number().int(), checkpoint: Checkpoint });
const Proof = z.array(Hash).describe('Hashes of the proof, hex, in the order of RFC 9162');
const VerifierKey = z.string().describe('Public key of the log; compare it with the one you got from the operator');

export const auditTools = {
  audit_log_stream: defineTool({
    title: 'Read the audit log, live',
    description:
      'Gives audit records after a cursor, oldest first, filtered; with followSeconds it goes on with new ones as they are written. Records hold hashes of arguments and results, never the data itself.',
    keywords: [
      'watch what happens right now',
      'monitor live activity',
      'tail',
      'see live what everyone is doing',
      'follow the activity',
      'watch the log as it happens',
      'what is going on',
      'follow what users do in real time',
      'monitor all calls',
      'live feed of activity',
      'what is happening this minute',
    ],
    effect: 'read',
    everyday: true,
    permission: 'audit:read',
    input: z.object({
      after: Cursor.optional().describe('Cursor of an earlier answer; the newest records when left out'),
      limit: z.number().int().min(1).max(1_000).default(100),
      followSeconds: z
        .number()
        .int()
        .min(0)
        .max(300)
        .default(0)
        .describe('How long to wait for more, at most "limit" new ones; behind "after", a full page is given at once'),
      ...filters,
    }),
    progress: z.object({ records: z.array(AuditEntry) }),
    output: z.object({
      records: z.array(AuditEntry),
      cursor: z.string().describe('Give it as "after" to go on'),
    }),
    errors: ['not_found'],
    timeoutMs: 310_000,
  }),
  audit_query: defineTool({
    title: 'Search the audit log',
    description: 'Finds audit records by who, what, outcome, severity, time or call, newest first, page by page.',
    keywords: [
      'history of calls',
      'who did what and when',
      'past activity of a wallet',
      'find a call',
      'who touched, changed, read or deleted my data',
      'who used a tool',
      'what has a person been doing',
      'what happened last week',
      'track down who did it',
      'look up old activity',
      'logs of calls',
      'who opened, read or saw my dataset',
      'who ran a transfer or a job',
      'who was here',
      'activity of a person',
      'when did it happen',
      'trace back',
    ],
    effect: 'read',
    everyday: true,
    permission: 'audit:read',
    input: z.object({
      callId: holds('identifier', z.string().min(1).max(100))
        .optional()
        .describe('One call; agents that call on share its id'),
      before: Cursor.optional().describe('The "next" of the page before'),
      limit: z.number().int().min(1).max(1_000).default(100),
      ...filters,
    }),
    output: z.object({
      records: z.array(AuditEntry),
      next: z.string().optional().describe('Give it as "before" for the next page; absent on the last'),
    }),
    errors: ['not_found'],
    timeoutMs: 20_000,
  }),
  follow_audit_log: defineTool({
    title: 'Follow the audit log for a stream of events',
    description:
      'Gives what comes behind a cursor, page by page, and every few seconds how far it has looked. It leaves no record of itself, or it would follow its own steps: whoever opens a stream with it records that.',
    effect: 'read',
    visibility: 'internal',
    permission: 'audit:read',
    input: AuditFollowing.extend({ followSeconds: z.number().int().min(1).max(60).default(30) }),
    progress: AuditPage,
    output: z.object({ cursor: z.string() }),
    errors: ['not_found'],
    timeoutMs: 65_000,
  }),
  audit_proof: defineTool({
    title: 'Prove that a call is in the audit log',
    description:
      'Gives the record of one call, by the receipt its result carried in _meta or by its id, with the proof that it is in the signed log. Your own calls; all of them with audit:read. `npx @labmesh/cli audit verify` checks it without the lab.',
    keywords: [
      'evidence',
      'receipt',
      'prove that I did this',
      'confirm that a call took place',
      'certificate for a call',
    ],
    effect: 'read',
    permission: 'audit:prove',
    input: z.object({
      leafHash: Hash.optional().describe('The receipt’s'),
      callId: holds('identifier', z.string().min(1).max(100))
        .optional()
        .describe('Or the call; its first record is taken'),
    }),
    output: z.object({
      record: AuditEntry,
      leafHash: Hash,
      index: z.number().int().describe('Place in the tree, counted from 0'),
      proof: Proof,
      head: Head,
      verifierKey: VerifierKey,
    }),
    errors: ['not_found'],
    timeoutMs: 10_000,
  }),
  audit_heads: defineTool({
    title: 'Get the signed heads of the audit log',
    description:
      'Gives signed tree heads after a size, smallest first. Keep them where the lab cannot reach: they show later that the log only grew.',
    keywords: ['checkpoint', 'Merkle tree root', 'signed state of the log', 'root hash', 'anchor'],
    effect: 'read',
    permission: 'audit:prove',
    input: z.object({
      after: z.number().int().min(0).default(0).describe('Size of the last head you have'),
      limit: z.number().int().min(1).max(10_000).default(1_000),
    }),
    output: z.object({ heads: z.array(Head), newest: Head.optional(), verifierKey: VerifierKey }),
    errors: [],
    timeoutMs: 10_000,
  }),
  audit_verify: defineTool({
    title: 'Check that the audit log was not altered',
    description:
      'Reads the log anew, record by record, against its signed tree heads, and proves that the newest head only grew from an older one. Says which record is not what it was.',
    keywords: [
      'tampered, manipulated, forged',
      'integrity',
      'can we trust the log',
      'was the log changed',
      'is the history complete and genuine',
      'is the audit trail untouched',
      'show that nobody changed the records',
      'is the log authentic',
    ],
    effect: 'read',
    permission: 'audit:read',
    input: z.object({
      olderSize: z
        .number()
        .int()
        .min(0)
        .optional()
        .describe('An earlier head, by its size; the first one when left out'),
      newerSize: z.number().int().min(0).optional().describe('A later head; the newest when left out'),
    }),
    progress: z.object({ progress: z.number(), total: z.number(), message: z.string() }),
    output: z.object({
      intact: z.boolean(),
      problems: z.array(z.object({ cursor: z.string().optional(), problem: z.string() })).describe('At most 100'),
      checkedRecords: z.number().int(),
      checkedHeads: z.number().int(),
      unsignedRecords: z.number().int().describe('Records newer than the newest head'),
      older: Head.optional(),
      newer: Head.optional(),
      proof: Proof,
      verifierKey: VerifierKey,
    }),
    errors: ['not_found'],
    timeoutMs: 300_000,
  }),
};
