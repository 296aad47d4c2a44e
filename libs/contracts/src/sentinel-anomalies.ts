// The Sentinel's tools for anomalies: what the models found, looking back, and the way back for a wallet. Never a call's text.
import { z } from 'zod';
import { ANOMALY_RESPONSES } from './anomaly-policy.js';
import { defineTool, type EventRef } from './tool.js';
import { Timestamp, WalletId } from './values.js';

export const ANOMALY_MODELS = ['content', 'behaviour'] as const;
export type AnomalyModel = (typeof ANOMALY_MODELS)[number];

export const ANOMALY_VERDICTS = ['false_alarm', 'real', 'handled'] as const;
export type AnomalyVerdict = (typeof ANOMALY_VERDICTS)[number];

/** Responses that keep a wallet from something until they end. */
export const RESTRICTIONS = ['fresh_token', 'throttle', 'block'] as const;
export type RestrictionKind = (typeof RESTRICTIONS)[number];

export const AnomalyId = z
  .string()
  .regex(/^ano_[0-9a-f-]{36}$/, 'an anomaly id looks like ano_ and a UUID')
  .describe('Anomaly id, as anomaly_report gives it');

const ModelName = z.enum(ANOMALY_MODELS).describe('content: the text of a call; behaviour: what a wallet does');
const ResponseName = z.enum(ANOMALY_RESPONSES);

/** A feature of the model, or a kind of attack, and its part of the score: named by the model, never by what was sent. */
export const AnomalyReason = z.object({
  feature: z.string().max(120),
  share: z.number().min(0).max(1).describe('Its part of the score'),
});
export type AnomalyReason = z.infer<typeof AnomalyReason>;

const Reasons = z.array(AnomalyReason).max(8);
const Score = z.number().nonnegative().describe('How unusual it is');
const Threshold = z.number().nonnegative().describe('Scores above it are unusual');

export const Anomaly = z.object({
  id: AnomalyId,
  model: ModelName,
  state: z.enum(['open', 'resolved']),
  walletId: WalletId.nullable().describe('Null when nobody could be identified'),
  firstAt: Timestamp,
  lastAt: Timestamp,
  calls: z.number().int().min(1).describe('Unusual calls of this wallet that belong together'),
  score: Score.describe('Of the most unusual of its calls'),
  threshold: Threshold,
  credentialId: z.string().nullable().describe('Of that call, and so the next four'),
  callId: z.string(),
  agent: z.string(),
  tool: z.string(),
  reasons: Reasons,
  summary: z.string().describe('The same in words'),
  response: ResponseName.describe('What the policy asked for'),
  enforced: z.boolean().describe('False in shadow mode: it would have been done'),
  done: z.string().describe('What was done, in words'),
  until: Timestamp.optional().describe('When what was done to the wallet ends by itself'),
  restricted: z.boolean().describe('It keeps the wallet from something now'),
  resolvedAt: Timestamp.optional(),
  resolvedBy: WalletId.optional(),
  verdict: z.enum(ANOMALY_VERDICTS).optional(),
  note: z.string().optional(),
});
export type Anomaly = z.infer<typeof Anomaly>;

/** Something that keeps a wallet from something, as every process knows it. */
export const Restriction = z.object({
  anomalyId: AnomalyId,
  /** Grows with every change: what was heard late must not undo what was heard before. */
  revision: z.number().int().nonnegative(),
  walletId: WalletId,
  kind: z.enum(RESTRICTIONS),
  model: ModelName,
  since: Timestamp,
  until: Timestamp,
  lifted: z.boolean(),
});
export type Restriction = z.infer<typeof Restriction>;

const span = {
  from: Timestamp.optional().describe('Not before this time'),
  to: Timestamp.optional().describe('Before this time'),
};

export const anomalyTools = {
  anomaly_report: defineTool({
    title: 'Report what was unusual',
    description:
      'Anomalies, newest first, page by page: whose calls were unusual, how much, why, what was done about it and what became of it; with figures over the time asked for. Never the text of a call.',
    keywords: [
      'suspicious activity',
      'attacks and intrusions',
      'alerts',
      'security incidents',
      'is somebody attacking us',
      'anything strange or weird going on',
      'hackers, intruders, break-ins',
      'security problems',
      'who behaves oddly',
      'are we safe',
      'did someone hack us',
      'were there any alarms',
      'somebody is trying to get in',
      'intrusion',
      'unusual behaviour',
      'warnings',
    ],
    effect: 'read',
    everyday: true,
    about: ['walletId'],
    permission: 'anomaly:read',
    input: z.object({
      state: z.enum(['open', 'resolved']).optional(),
      walletId: WalletId.optional(),
      model: ModelName.optional(),
      ...span,
      limit: z.number().int().min(1).max(200).default(50),
      before: AnomalyId.optional().describe('The "next" of the page before'),
    }),
    output: z.object({
      anomalies: z.array(Anomaly),
      next: z.string().optional().describe('Give it as "before" for the next page; absent on the last'),
      summary: z.object({
        open: z.number().int().describe('Anomalies that nobody resolved, at any time'),
        found: z
          .array(
            z.object({
              model: ModelName,
              response: ResponseName,
              enforced: z.boolean(),
              anomalies: z.number().int(),
              calls: z.number().int().describe('Unusual calls in them'),
            }),
          )
          .describe('In the time asked for'),
        calls: z.number().int().describe('Calls recorded in that time'),
        per10000Calls: z.number().describe('Anomalies for each 10,000 of them'),
        scoring: z
          .object({
            processes: z.number().int().describe('That told what they score'),
            without: z.number().int().describe('Of these, how many cannot score'),
            scored: z.number().int(),
            dropped: z.number().int().describe('Scores given up because more calls came than could be scored'),
          })
          .describe('Of the running processes, since each began'),
        models: z.array(
          z.object({
            model: ModelName,
            name: z.string(),
            trained: z.string().describe('Date'),
            threshold: Threshold,
            falseAlarmRate: z.string().optional().describe('What the threshold was chosen for'),
          }),
        ),
      }),
    }),
    errors: ['not_found'],
    timeoutMs: 20_000,
  }),
  resolve_anomaly: defineTool({
    title: 'Resolve an anomaly',
    description:
      'Says what an anomaly was and ends what was done to the wallet, everywhere within a second: its other open anomalies are resolved with it unless others is false. The verdict stays with them: false_alarm, real or handled.',
    keywords: [
      'close an alert',
      'unblock a wallet',
      'lift a restriction',
      'it was a false alarm',
      'dismiss a warning',
      'let somebody back in',
      'it was nothing',
      'mark as handled',
    ],
    effect: 'write',
    everyday: true,
    about: ['anomalyId'],
    idempotent: false,
    permission: 'anomaly:resolve',
    input: z.object({
      anomalyId: AnomalyId,
      verdict: z.enum(ANOMALY_VERDICTS),
      others: z
        .boolean()
        .default(true)
        .describe('Also the wallet’s other open anomalies, which may keep it out as well; false leaves them open'),
      note: z.string().trim().max(1_000).default('').describe('For whoever reads it later'),
    }),
    output: z.object({
      anomaly: Anomaly,
      alsoResolved: z.array(AnomalyId).describe('The wallet’s other anomalies'),
      lifted: z.boolean().describe('It kept the wallet from something until now'),
    }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 10_000,
  }),
  scan_for_anomalies: defineTool({
    title: 'Look back for anomalies',
    description:
      'Scores recorded calls of a time anew with the behaviour model of today and says what it would have found, wallet by wallet. Nothing is stored and nobody is restricted. For a newly trained model, or for looking back; texts of calls are kept nowhere, so they cannot be scored again.',
    keywords: [
      'search the past for attacks',
      'suspicious old calls',
      'were there break-ins last month',
      'did somebody attack us in the past',
      'go through old activity',
      'forensics',
    ],
    effect: 'read',
    about: ['walletId'],
    permission: 'anomaly:read',
    input: z.object({
      from: Timestamp,
      to: Timestamp.optional().describe('Now when left out'),
      walletId: WalletId.optional().describe('Tells of this wallet only'),
      limit: z.number().int().min(1).max(200_000).default(50_000).describe('Most calls that are scored, oldest first'),
    }),
    progress: z.object({ progress: z.number(), total: z.number(), message: z.string() }),
    output: z.object({
      scored: z.number().int(),
      unusual: z.number().int(),
      per10000Calls: z.number(),
      complete: z.boolean().describe('False when the limit or the time ended it before "to"'),
      scoredUntil: Timestamp.optional().describe('Time of the last call that was scored'),
      wallets: z
        .array(
          z.object({
            walletId: WalletId.nullable(),
            unusual: z.number().int(),
            firstAt: Timestamp,
            lastAt: Timestamp,
            score: Score,
            callId: z.string().describe('The most unusual call'),
            reasons: Reasons,
            summary: z.string(),
          }),
        )
        .describe('The highest score first, at most 100'),
      model: z.object({ name: z.string(), trained: z.string(), threshold: Threshold }),
    }),
    errors: ['not_found', 'unavailable'],
    timeoutMs: 300_000,
    limit: { perSecond: 0.2, burst: 3, concurrent: 2 },
  }),
  list_restrictions: defineTool({
    title: 'Wallets that are kept from something',
    description:
      'For the processes of the lab: which wallets are throttled, blocked or must sign in anew because of an anomaly.',
    effect: 'read',
    visibility: 'internal',
    permission: null,
    input: z.object({}),
    output: z.object({ restrictions: z.array(Restriction) }),
    errors: [],
    timeoutMs: 5_000,
  }),
};

export const anomalyEvents = {
  /** The first unusual call of an anomaly, or one that brought a stronger response. */
  anomaly_found: Anomaly,
  /** A wallet is kept from something, or is no more: told to every process. */
  restriction_changed: z.object({ restrictions: z.array(Restriction).min(1).max(100) }),
};

/** One unusual call. It has no text, nor any part of one. */
export const TextAlarm = z.object({
  id: z.string().max(100).describe('Of this alarm: it can come twice, and counts once'),
  callId: z.string().max(100),
  at: Timestamp,
  walletId: z.string().nullable(),
  credentialId: z.string().nullable(),
  agent: z.string(),
  tool: z.string(),
  score: Score,
  threshold: Threshold,
  reasons: Reasons,
});
export type TextAlarm = z.infer<typeof TextAlarm>;

/** Published by the process that saw the arguments; Sentinel decides what follows. */
export const unusualTextsFound = {
  agent: 'mesh',
  name: 'unusual_texts_found',
  payload: z.object({ alarms: z.array(TextAlarm).min(1).max(100) }),
} as const satisfies EventRef;
