// DONKI over recorded replies of 2016 to 2018: lists by start and end date, 30 days where none is asked for, `[]` where nothing was.
import type { Json } from '../rows.js';
import { dateOf, dayOf, daysLater, json, type RecordedApi, recordedList } from './recorded-api.js';

/** The member that says when it was; undefined: nothing was recorded of this kind. */
const TIMES: Readonly<Record<string, string | undefined>> = {
  CME: 'startTime',
  CMEAnalysis: undefined,
  GST: 'startTime',
  IPS: 'eventTime',
  FLR: 'beginTime',
  SEP: 'eventTime',
  MPC: 'eventTime',
  RBE: 'eventTime',
  HSS: 'eventTime',
  WSAEnlilSimulations: undefined,
  notifications: 'messageIssueTime',
};
const DAYS = { notifications: 7, WSAEnlilSimulations: 7 } as Readonly<Record<string, number>>;
/** Notifications are of the last 30 days of the range, however long it is. */
const NOTIFIED_DAYS = 30;

export const donki: RecordedApi = async ({ url }) => {
  const [, kind = ''] = /^\/DONKI\/([A-Za-z]+)$/.exec(url.pathname) ?? [];
  if (!Object.hasOwn(TIMES, kind)) return undefined;
  const end = dayOf(url.searchParams.get('endDate')) ?? Date.now();
  const asked = dayOf(url.searchParams.get('startDate')) ?? daysLater(end, -(DAYS[kind] ?? 30));
  const start = kind === 'notifications' ? Math.max(asked, daysLater(end, -NOTIFIED_DAYS)) : asked;
  const time = TIMES[kind];
  const all = time === undefined ? [] : await recordedList(`donki/${kind}.json`);
  const type = url.searchParams.get('type') ?? 'all';
  return json(
    all.filter((item) => isWithin(item[time ?? ''], start, end) && (type === 'all' || item.messageType === type)),
  );
};

const isWithin = (time: Json | undefined, start: number, end: number): boolean => {
  const date = String(time).slice(0, 10);
  return date >= dateOf(start) && date <= dateOf(end);
};
