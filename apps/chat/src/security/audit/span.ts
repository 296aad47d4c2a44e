// Which time the Audit view looks at: the last minutes as they go by, or a stretch of the past.
export const SPANS = [
  { span: 'live', label: 'Live', minutes: 15 },
  { span: 'hour', label: 'Last hour', minutes: 60 },
  { span: 'day', label: 'Last 24 hours', minutes: 1_440 },
  { span: 'week', label: 'Last 7 days', minutes: 10_080 },
  { span: 'between', label: 'Between…', minutes: 1_440 },
] as const;

export type SpanName = (typeof SPANS)[number]['span'];

export interface TimeChoice {
  readonly span: SpanName;
  /** Local times as an input of type datetime-local has them; used with `between` only. */
  readonly from: string;
  readonly to: string;
  /** Unix milliseconds at which it was chosen: what "last hour" counts from. */
  readonly chosenMs: number;
}

export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

const timeOf = (local: string): number | undefined => {
  const ms = Date.parse(local);
  return Number.isNaN(ms) ? undefined : ms;
};

/** What is drawn. `nowMs` counts for the live one. */
export function stretchOf(choice: TimeChoice, nowMs: number): Stretch {
  const minutes = SPANS.find(({ span }) => span === choice.span)?.minutes ?? 15;
  if (choice.span === 'live') return { fromMs: nowMs - minutes * 60_000, toMs: nowMs };
  const toMs = (choice.span === 'between' ? timeOf(choice.to) : undefined) ?? choice.chosenMs;
  const asked = choice.span === 'between' ? timeOf(choice.from) : undefined;
  const fromMs = asked ?? toMs - minutes * 60_000;
  return { fromMs: Math.min(fromMs, toMs - 1_000), toMs };
}

/** What is asked: a live view is open at both ends, and shows older records too. */
export function askedTime(choice: TimeChoice): { from: string | undefined; to: string | undefined } {
  if (choice.span === 'live') return { from: undefined, to: undefined };
  const { fromMs, toMs } = stretchOf(choice, choice.chosenMs);
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
