// How ids and times of the Security views are written.
const TAIL = 6;

/** The end of an id tells it from others: `wal_…a1b2c3`. */
export function shortId(id: string): string {
  const head = /^[a-z]+_/.exec(id)?.[0] ?? '';
  return id.length <= head.length + TAIL ? id : `${head}…${id.slice(-TAIL)}`;
}

const TIME = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const DAY_TIME = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hour12: false });

/** The time of today, or day and time of another day. */
export function formatTime(at: string, now = new Date()): string {
  const date = new Date(at);
  return date.toDateString() === now.toDateString() ? TIME.format(date) : DAY_TIME.format(date);
}

export const formatWhole = (at: string): string => WHOLE.format(new Date(at));

const STEPS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
] as const;
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** "in 3 days", "2 hours ago", "now". */
export function formatFromNow(at: string, nowMs: number): string {
  const seconds = (Date.parse(at) - nowMs) / 1_000;
  const step = STEPS.find((each) => Math.abs(seconds) >= each.seconds);
  return step ? RELATIVE.format(Math.round(seconds / step.seconds), step.unit) : 'now';
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
