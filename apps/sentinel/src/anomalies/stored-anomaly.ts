// An anomaly as it is stored, and how it is shown: the row, the same in words, and the restriction that comes of it.
import {
  type Anomaly,
  type AnomalyModel,
  AnomalyReason,
  type AnomalyResponse,
  type AnomalyVerdict,
  type Restriction,
} from '@labmesh/contracts';
import { z } from 'zod';
import { restricts } from './alarm.js';

export interface StoredAnomaly {
  readonly id: string;
  readonly model: AnomalyModel;
  readonly walletId: string | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly calls: number;
  readonly score: number;
  readonly threshold: number;
  readonly credentialId: string | null;
  readonly callId: string;
  readonly agent: string;
  readonly tool: string;
  readonly reasons: readonly AnomalyReason[];
  readonly response: AnomalyResponse;
  readonly enforced: boolean;
  readonly restrictedAt: Date | null;
  readonly restrictedUntil: Date | null;
  readonly revision: number;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly verdict: AnomalyVerdict | null;
  readonly note: string | null;
}

const Reasons = z.array(AnomalyReason);

/** A row as the database gives it. */
export const storedOf = (row: object): StoredAnomaly =>
  ({ ...row, reasons: Reasons.parse((row as { reasons: unknown }).reasons) }) as unknown as StoredAnomaly;

/** True while it keeps its wallet from something. */
export const restrictsNow = ({ resolvedAt, restrictedUntil, enforced, response }: StoredAnomaly, now: Date): boolean =>
  enforced && restricts(response) && resolvedAt === null && restrictedUntil !== null && restrictedUntil > now;

/** Undefined for one that never kept a wallet from anything. */
export function restrictionOf(stored: StoredAnomaly): Restriction | undefined {
  const { id, revision, walletId, response, model, restrictedAt, restrictedUntil, resolvedAt } = stored;
  if (walletId === null || restrictedAt === null || restrictedUntil === null || !restricts(response)) return undefined;
  return {
    anomalyId: id,
    revision,
    walletId,
    kind: response,
    model,
    since: restrictedAt.toISOString(),
    until: restrictedUntil.toISOString(),
    lifted: resolvedAt !== null,
  };
}

export function shown(stored: StoredAnomaly, now: Date): Anomaly {
  const {
    restrictedAt: _at,
    restrictedUntil,
    revision: _revision,
    resolvedAt,
    resolvedBy,
    verdict,
    note,
    ...rest
  } = stored;
  const { firstAt, lastAt, reasons, walletId } = stored;
  return {
    ...rest,
    state: resolvedAt === null ? 'open' : 'resolved',
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    reasons: [...reasons],
    summary: summaryOf(stored),
    done: doneIn(stored),
    restricted: walletId !== null && restrictsNow(stored, now),
    ...(restrictedUntil === null ? {} : { until: restrictedUntil.toISOString() }),
    ...(resolvedAt === null ? {} : { resolvedAt: resolvedAt.toISOString() }),
    ...(resolvedBy === null ? {} : { resolvedBy }),
    ...(verdict === null ? {} : { verdict }),
    ...(note === null || note === '' ? {} : { note }),
  };
}

type Described = Pick<StoredAnomaly, 'model' | 'score' | 'threshold' | 'reasons' | 'calls' | 'agent' | 'tool'>;

/** Such as: Text unlike what the lab writes, in 3 calls; curator.fetch_dataset scored 9.1, 2.3 times the threshold: … */
export function summaryOf({ model, score, threshold, reasons, calls, agent, tool }: Described): string {
  const what = model === 'content' ? 'Text unlike what the lab writes' : 'Work unlike what the wallet does';
  const times = threshold > 0 ? `, ${(score / threshold).toFixed(1)} times the threshold` : '';
  const why = reasons.map(({ feature, share }) => `${feature} (${Math.round(share * 100)} %)`).join(', ');
  const most = `${agent}.${tool} scored ${score.toFixed(1)}${times}`;
  return `${what}, in ${calls} ${calls === 1 ? 'call' : 'calls'}; ${most}${why === '' ? '' : `: ${why}`}`;
}

const DONE: Readonly<Record<AnomalyResponse, string>> = {
  record: 'Recorded',
  alert: 'An alert was given',
  fresh_token: 'Credentials from before are refused: a new sign-in is needed',
  throttle: 'The wallet may do a tenth of its rate',
  block: 'The wallet is blocked',
};

function doneIn({ response, enforced, resolvedAt, restrictedUntil }: StoredAnomaly): string {
  const what = DONE[response];
  if (!enforced) return `Nothing, in shadow mode. Else: ${what}`;
  if (!restricts(response) || restrictedUntil === null) return what;
  return resolvedAt === null
    ? `${what}, until ${restrictedUntil.toISOString()}`
    : `${what}; ended when it was resolved`;
}
