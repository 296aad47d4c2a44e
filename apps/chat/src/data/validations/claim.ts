// A claim as it is filled in, what is wrong with it, and the call that it means. Numbers stay as they are typed: the lab compares them
// exactly.
import type { curator, ToolInput } from '@labmesh/contracts';
import { isDatasetId } from '../dataset.js';

type Claimed = Partial<ToolInput<typeof curator.tools.request_validation>>;

export interface Draft {
  readonly title: string;
  readonly datasetId: string;
  readonly version: string;
  readonly method: string;
  readonly model: string;
  readonly metric: string;
  readonly claimed: string;
  readonly tolerance: string;
  readonly reports: string;
  readonly days: string;
  readonly share: boolean;
}

export const EMPTY: Draft = {
  title: '',
  datasetId: '',
  version: '1',
  method: '',
  model: '',
  metric: 'accuracy',
  claimed: '',
  tolerance: '',
  reports: '2',
  days: '14',
  share: false,
};

export type Problems = Readonly<Partial<Record<keyof Draft, string>>>;

export const isDecimal = (text: string): boolean => /^-?\d{1,20}(\.\d{1,30})?$/.test(text);
export const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
export const wholeIn = (text: string, least: number, most: number): number | undefined => {
  const number = Number(text);
  return /^\d{1,16}$/.test(text) && number >= least && number <= most ? number : undefined;
};

const NO_DECIMAL = 'A number in decimals, such as 0.6122.';

/** What the lab would refuse, by field. */
export function problemsOf(typed: Draft): Problems {
  const draft = trimmed(typed);
  const wrong: Readonly<Partial<Record<keyof Draft, [boolean, string]>>> = {
    title: [draft.title.length < 3, 'Say in a few words what is claimed.'],
    datasetId: [!isDatasetId(draft.datasetId), 'A dataset’s id looks like ds_…'],
    version: [wholeIn(draft.version, 1, 1_000_000) === undefined, 'A whole number from 1.'],
    method: [draft.method.length < 3, 'Say what is run, and how others run it.'],
    model: [draft.model !== '' && !isHash(draft.model), '64 digits of 0–9 and a–f, or nothing.'],
    metric: [
      !/^[a-z][a-z0-9_.-]{0,59}$/.test(draft.metric),
      'Small letters, digits, dots, dashes and _, such as accuracy.',
    ],
    claimed: [!isDecimal(draft.claimed), NO_DECIMAL],
    tolerance: [!isDecimal(draft.tolerance) || draft.tolerance.startsWith('-'), 'A number in decimals, not below 0.'],
    days: [wholeIn(draft.days, 1, 90) === undefined, 'From 1 to 90.'],
  };
  return Object.fromEntries(Object.entries(wrong).flatMap(([field, [is, why]]) => (is ? [[field, why]] : [])));
}

/** What the lab is asked, of a draft without problems. */
export function claimOf(typed: Draft): Claimed {
  const { title, datasetId, version, method, model, metric, claimed, tolerance, reports, days, share } = trimmed(typed);
  return {
    ...{ title, datasetId, version: Number(version), method, metric, claimed, tolerance },
    ...(model === '' ? {} : { modelSha256: model }),
    ...{ reports: Number(reports), days: Number(days), shareData: share },
  };
}

const trimmed = (draft: Draft): Draft =>
  Object.fromEntries(
    Object.entries(draft).map(([field, value]) => [field, typeof value === 'string' ? value.trim() : value]),
  ) as unknown as Draft;
