// One unusual call, as a model found it, and what the policy makes of it. Never the text of the call.
import {
  ANOMALY_RESPONSES,
  type AnomalyModel,
  type AnomalyPolicy,
  type AnomalyReason,
  type AnomalyResponse,
  CLIENT_KEY_MAX_S,
  RESTRICTIONS,
  type RestrictionKind,
} from '@labmesh/contracts';

export interface Alarm {
  /** Its own: it can come twice, and counts once. */
  readonly id: string;
  readonly model: AnomalyModel;
  readonly callId: string;
  readonly at: Date;
  readonly walletId: string | null;
  readonly credentialId: string | null;
  readonly agent: string;
  readonly tool: string;
  readonly score: number;
  readonly threshold: number;
  readonly reasons: readonly AnomalyReason[];
}

/** What follows an alarm. */
export interface Ruling {
  readonly response: AnomalyResponse;
  /** False in shadow mode. */
  readonly enforced: boolean;
  /** How long a restriction lasts, milliseconds. */
  readonly forMs: number;
}

/** Who was unusual so long ago, milliseconds, is only recorded: a backlog must not stop anybody. */
const LATE_MS = 3_600_000;
/** By then every credential from before has ended. */
const FRESH_TOKEN_MS = CLIENT_KEY_MAX_S * 1_000;

export const restricts = (response: string): response is RestrictionKind =>
  (RESTRICTIONS as readonly string[]).includes(response);

/** The operator, and whoever could not be identified, is never kept from anything: only told of. */
export function rulingOf(
  { model, walletId, at }: Pick<Alarm, 'model' | 'walletId' | 'at'>,
  { policy, operator, now }: { policy: AnomalyPolicy; operator: string | undefined; now: Date },
): Ruling {
  const asked = policy[model];
  const late = now.getTime() - at.getTime() > LATE_MS;
  const spared = walletId === null || walletId === operator;
  const response = late ? 'record' : spared && restricts(asked) ? 'alert' : asked;
  const forMs = response === 'fresh_token' ? FRESH_TOKEN_MS : policy.forMinutes * 60_000;
  return { response, enforced: !policy.shadow, forMs };
}

/** Whether one asks for more than the other. */
export const isStronger = (
  one: Pick<Ruling, 'response' | 'enforced'>,
  other: Pick<Ruling, 'response' | 'enforced'>,
): boolean => strength(one) > strength(other);

const strength = ({ response, enforced }: Pick<Ruling, 'response' | 'enforced'>): number =>
  ANOMALY_RESPONSES.indexOf(response) + (enforced ? ANOMALY_RESPONSES.length : 0);
