// Anomalies as the lab reports them, grouped for reading, and how their figures are written.
export const VERDICTS = [
  { verdict: 'false_alarm', label: 'False alarm', meaning: 'The calls were in order.' },
  { verdict: 'real', label: 'Real', meaning: 'Somebody did what they should not.' },
  { verdict: 'handled', label: 'Handled', meaning: 'It was real, and is dealt with.' },
] as const;

export type Verdict = (typeof VERDICTS)[number]['verdict'];

export interface Reason {
  readonly feature: string;
  /** Its part of the score, from 0 to 1. */
  readonly share: number;
}

export interface Anomaly {
  readonly id: string;
  readonly model: 'content' | 'behaviour';
  readonly state: 'open' | 'resolved';
  readonly walletId: string | null;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly calls: number;
  readonly score: number;
  readonly threshold: number;
  readonly credentialId: string | null;
  readonly callId: string;
  readonly agent: string;
  readonly tool: string;
  readonly reasons: readonly Reason[];
  readonly summary: string;
  readonly response: string;
  readonly enforced: boolean;
  readonly done: string;
  readonly until?: string;
  readonly restricted: boolean;
  readonly resolvedAt?: string;
  readonly resolvedBy?: string;
  readonly verdict?: Verdict;
  readonly note?: string;
}

export interface Model {
  readonly model: Anomaly['model'];
  readonly name: string;
  readonly trained: string;
  readonly threshold: number;
  readonly falseAlarmRate?: string;
}

export interface AnomalyReport {
  readonly anomalies: readonly Anomaly[];
  readonly next?: string;
  readonly summary: {
    readonly open: number;
    readonly calls: number;
    readonly per10000Calls: number;
    readonly scoring: {
      readonly processes: number;
      readonly without: number;
      readonly scored: number;
      readonly dropped: number;
    };
    readonly models: readonly Model[];
  };
}

export interface WalletGroup {
  readonly walletId: string | null;
  readonly anomalies: readonly Anomaly[];
  /** How far above its threshold the most unusual of them is. */
  readonly worst: number;
}

const excess = ({ score, threshold }: Pick<Anomaly, 'score' | 'threshold'>): number =>
  threshold > 0 ? score / threshold : score;

/** By wallet, the most unusual first; within a wallet the newest first. */
export function byWallet(anomalies: readonly Anomaly[]): readonly WalletGroup[] {
  const groups = new Map<string | null, Anomaly[]>();
  for (const anomaly of anomalies) groups.set(anomaly.walletId, [...(groups.get(anomaly.walletId) ?? []), anomaly]);
  return [...groups]
    .map(([walletId, found]) => ({
      walletId,
      anomalies: [...found].sort((a, b) => b.lastAt.localeCompare(a.lastAt)),
      worst: Math.max(...found.map(excess)),
    }))
    .sort((a, b) => b.worst - a.worst);
}

/** 0.4234 -> "0.42", 12.3 -> "12.3", 420 -> "420". */
export const formatScore = (score: number): string => Number(score.toPrecision(3)).toString();

/** "2.4 times the threshold". */
export const timesText = (anomaly: Pick<Anomaly, 'score' | 'threshold'>): string =>
  `${formatScore(excess(anomaly))} times the threshold`;

/** What a summary says before it lists the reasons, which are drawn beside it. */
export const headOf = (summary: string): string => `${(summary.split(': ')[0] ?? summary).replace(/\.$/, '')}.`;

/** Features as models name them, for people: `calls_per_minute` -> "calls per minute". */
export const featureText = (feature: string): string => feature.replaceAll('_', ' ');
