// What each principal has been doing, as numbers: counts that fade over ten seconds, five minutes, an hour and a day.
// Memory per principal is bounded, and so is the number of principals. Training and scoring both use this, so they cannot differ.

/** What is known of a call when it has ended: an audit record, and the sizes where somebody measured them. */
export interface ObservedCall {
  /** Null when nobody could be identified: all of these are one principal here. */
  readonly walletId: string | null;
  readonly credentialId: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly agent: string;
  readonly tool: string;
  readonly decision: 'allow' | 'deny';
  readonly outcome: string;
  readonly inputHash: string | null;
  readonly inputBytes?: number | undefined;
  readonly outputBytes?: number | undefined;
}

const FADES_MS = { '10 s': 10_000, '5 min': 300_000, '1 h': 3_600_000, '24 h': 86_400_000 } as const;
type Fade = keyof typeof FADES_MS;
const FADES = Object.keys(FADES_MS) as Fade[];

const COUNTED = [
  'calls',
  'failures',
  'refusals',
  'missing',
  'newTools',
  'outputKb',
  'inputKb',
  'tokenCalls',
  'newCredentials',
  'oddHourCalls',
  'payments',
] as const;
type Counted = (typeof COUNTED)[number];

const LABELS: Readonly<Record<Counted, string>> = {
  calls: 'calls',
  failures: 'failed calls',
  refusals: 'refused calls',
  missing: 'different ids that are not there or not theirs',
  newTools: 'tools never used before',
  outputKb: 'KB read',
  inputKb: 'KB sent',
  tokenCalls: 'calls about tokens',
  newCredentials: 'new credentials',
  oddHourCalls: 'calls at unusual hours',
  payments: 'payments',
};

const FADING: ReadonlyArray<readonly [Counted, readonly Fade[]]> = [
  ['calls', ['10 s', '5 min', '1 h']],
  ['failures', ['5 min', '1 h']],
  ['refusals', ['5 min', '1 h']],
  ['missing', ['5 min', '1 h', '24 h']],
  ['newTools', ['5 min', '24 h']],
  ['outputKb', ['5 min', '1 h', '24 h']],
  ['inputKb', ['5 min']],
  ['tokenCalls', ['5 min', '1 h']],
  ['newCredentials', ['1 h', '24 h']],
  ['oddHourCalls', ['1 h']],
  ['payments', ['1 h']],
];

const placeOf = (counted: Counted, name: Fade): number => COUNTED.indexOf(counted) * FADES.length + FADES.indexOf(name);
/** Where the fading features are among the counts. */
const FADING_PLACES = FADING.flatMap(([counted, fades]) => fades.map((name) => placeOf(counted, name)));
const [FAILURES_1H, CALLS_1H, OUTPUT_1H] = (['failures', 'calls', 'outputKb'] as const).map((counted) =>
  placeOf(counted, '1 h'),
) as [number, number, number];

/** Names of the features, in their order. */
export const BEHAVIOUR_FEATURES: readonly string[] = [
  ...FADING.flatMap(([counted, fades]) => fades.map((fade) => `${LABELS[counted]} in ${fade}`)),
  'share of failures in 1 h',
  'KB read in 1 h beyond its habit',
  'entropy of tools in 5 min',
];

/** Calls that say something of the lab, not of the caller. */
const NOT_THEIR_FAULT = new Set([
  'ok',
  'cancelled',
  'input_required',
  'unavailable',
  'internal',
  'upstream_failed',
  'deadline_exceeded',
]);
const REFUSED = new Set(['forbidden', 'unauthenticated']);
const TOKEN_TOOLS = new Set([
  'generate_wallet_token',
  'refresh_token',
  'revoke_token',
  'list_tokens',
  'create_sign_in_link',
]);
const PAYMENT = 'execute_transaction';

const PRINCIPALS_MAX = 5_000;
const TOOLS_MAX = 128;
const REMEMBERED_MAX = 256;
/** Habits are learned over weeks. */
const HABIT_FADE_MS = 21 * 86_400_000;
/** Hours that a principal counts as having worked, evenly over the day, before its own are known. */
const HOURS_PRIOR = 4;
/** How much work in the hours around says that this hour is usual too. */
const NEARNESS: ReadonlyArray<readonly [number, number]> = [0, 1, 2, 3, 4, 5].flatMap((away) => {
  const weight = [1, 1, 0.7, 0.5, 0.3, 0.15][away] ?? 0;
  return away === 0 ? [[0, weight] as const] : [[away, weight] as const, [-away, weight] as const];
});
const NEARNESS_SHARE = NEARNESS.reduce((sum, [, weight]) => sum + weight, 0) / 24;
/** KB of a usual call, before a principal's own are known, and how many calls they count for. */
const USUAL_KB = 20;
const USUAL_CALLS = 20;

interface Principal {
  last: number;
  /** COUNTED x FADES. */
  readonly counts: Float64Array;
  /** In how many hours of the last weeks it was at work, by the hour of the day. */
  readonly hours: Float64Array;
  lastHour: number;
  /** Calls and KB read of the last weeks. */
  habit: { calls: number; outputKb: number };
  readonly tools: Map<string, number>;
  readonly missing: Set<string>;
  readonly credentials: Set<string>;
}

export class BehaviourWindows {
  /** Insertion order is the order of last use. */
  readonly #principals = new Map<string, Principal>();

  constructor(private readonly principalsMax = PRINCIPALS_MAX) {}

  get size(): number {
    return this.#principals.size;
  }

  /** Takes a call in, and answers the features of its principal right after it. */
  observe(call: ObservedCall): number[] {
    const principal = this.#principal(call);
    fade(principal, Math.max(0, call.at - principal.last));
    principal.last = Math.max(principal.last, call.at);
    const { counts } = principal;
    for (const [counted, amount] of amounts(principal, call)) {
      if (amount === 0) continue;
      const start = placeOf(counted, FADES[0] as Fade);
      for (let at = 0; at < FADES.length; at++) counts[start + at] = (counts[start + at] ?? 0) + amount;
    }
    const found = features(principal);
    principal.habit.calls += 1;
    principal.habit.outputKb += (call.outputBytes ?? 0) / 1_024;
    return found;
  }

  /** Begins to count anew: somebody looked at what this principal did. What it is used to stays known. */
  forgive(walletId: string): void {
    this.#principals.get(walletId)?.counts.fill(0);
  }

  #principal({ walletId, at }: ObservedCall): Principal {
    const key = walletId ?? '';
    const known = this.#principals.get(key) ?? {
      last: at,
      counts: new Float64Array(COUNTED.length * FADES.length),
      hours: new Float64Array(24),
      lastHour: -1,
      habit: { calls: 0, outputKb: 0 },
      tools: new Map(),
      missing: new Set(),
      credentials: new Set(),
    };
    this.#principals.delete(key);
    this.#principals.set(key, known);
    if (this.#principals.size > this.principalsMax) forgetFirst(this.#principals);
    return known;
  }
}

const forgetFirst = (kept: { keys(): Iterator<string>; delete(key: string): boolean }): void => {
  const first = kept.keys().next();
  if (first.done !== true) kept.delete(first.value);
};

function fade({ counts, hours, habit, tools }: Principal, passedMs: number): void {
  if (passedMs === 0) return;
  for (const [at, name] of FADES.entries()) {
    const kept = Math.exp(-passedMs / FADES_MS[name]);
    for (let place = at; place < counts.length; place += FADES.length) counts[place] = (counts[place] ?? 0) * kept;
  }
  const habitKept = Math.exp(-passedMs / HABIT_FADE_MS);
  for (let hour = 0; hour < 24; hour++) hours[hour] = (hours[hour] ?? 0) * habitKept;
  habit.calls *= habitKept;
  habit.outputKb *= habitKept;
  const toolsKept = Math.exp(-passedMs / FADES_MS['5 min']);
  for (const [tool, count] of tools) tools.set(tool, count * toolsKept);
}

function amounts(principal: Principal, call: ObservedCall): ReadonlyArray<readonly [Counted, number]> {
  const { outcome, tool, decision } = call;
  const known = call.walletId !== null;
  const failed = decision === 'deny' || !NOT_THEIR_FAULT.has(outcome);
  return [
    ['calls', 1],
    ['failures', failed ? 1 : 0],
    ['refusals', decision === 'deny' || REFUSED.has(outcome) ? 1 : 0],
    ['missing', outcome === 'not_found' && isNew(principal.missing, call.inputHash) ? 1 : 0],
    ['newTools', known && newTool(principal, `${call.agent}.${tool}`) ? 1 : 0],
    ['outputKb', (call.outputBytes ?? 0) / 1_024],
    ['inputKb', (call.inputBytes ?? 0) / 1_024],
    ['tokenCalls', TOKEN_TOOLS.has(tool) ? 1 : 0],
    ['newCredentials', known && isNew(principal.credentials, call.credentialId) ? 1 : 0],
    ['oddHourCalls', known ? hourOddness(principal, call.at) : 0],
    ['payments', tool === PAYMENT && outcome === 'ok' ? 1 : 0],
  ];
}

/** True for something not remembered; then it is. Among the last few hundred only. */
function isNew(remembered: Set<string>, value: string | null): boolean {
  if (value === null || remembered.has(value)) return false;
  remembered.add(value);
  if (remembered.size > REMEMBERED_MAX) forgetFirst(remembered);
  return true;
}

function newTool({ tools }: Principal, tool: string): boolean {
  const before = tools.get(tool);
  if (before === undefined && tools.size >= TOOLS_MAX) forgetFirst(tools);
  tools.set(tool, (before ?? 0) + 1);
  return before === undefined;
}

/** 0 at hours that are usual for the principal, more the more rarely it worked in this hour and its neighbours. */
function hourOddness(principal: Principal, at: number): number {
  const { hours, lastHour } = principal;
  const hour = new Date(at).getUTCHours();
  let near = 0;
  for (const [away, weight] of NEARNESS) near += weight * (hours[(hour + 24 + away) % 24] ?? 0);
  const total = hours.reduce((sum, count) => sum + count, 0);
  const now = Math.floor(at / 3_600_000);
  // An hour counts once, when it is over: what is odd does not become usual by being done often.
  if (lastHour >= 0 && now > lastHour) hours[lastHour % 24] = (hours[lastHour % 24] ?? 0) + 1;
  principal.lastHour = Math.max(now, lastHour);
  const share = (near + HOURS_PRIOR * NEARNESS_SHARE) / (total + HOURS_PRIOR);
  return Math.max(0, Math.log(NEARNESS_SHARE / share)) ** 2;
}

function features({ counts, habit, tools }: Principal): number[] {
  const count = (place: number): number => counts[place] ?? 0;
  // Roots of counts vary about as much whether the counts are small or large.
  const fading = FADING_PLACES.map((place) => Math.sqrt(count(place)));
  // Ten calls that went well are taken for granted, so that one failure at the start of a day says little.
  const usualKb = (habit.outputKb + USUAL_KB * USUAL_CALLS) / (habit.calls + USUAL_CALLS);
  const beyond = Math.max(0, count(OUTPUT_1H) - count(CALLS_1H) * usualKb) / usualKb;
  return [...fading, count(FAILURES_1H) / (count(CALLS_1H) + 10), Math.sqrt(beyond), entropy([...tools.values()])];
}

/** In bits. Tools that have faded to nothing do not count. */
function entropy(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let bits = 0;
  for (const count of counts) if (count > 1e-6 * total) bits -= (count / total) * Math.log2(count / total);
  return bits;
}
