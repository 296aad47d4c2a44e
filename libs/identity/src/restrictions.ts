// Which wallets are kept from something because of an anomaly, as this process knows it. Asked on every call, so it costs next to
// nothing while nobody is. It decides nothing: Sentinel does. The operator is never refused here, whatever was heard.

import { AppError, type Principal, type Restriction } from '@labmesh/contracts';
import { boundedCache } from '@labmesh/runtime';
import { EndsById } from './ends-by-id.js';

/** Changes remembered, so that one that was heard late undoes nothing. */
const REVISIONS_MAX = 10_000;
/** Longest time that a timer can be set to, milliseconds; Node takes 2^31 - 1. */
const TIMER_MAX_MS = 86_400_000;

const WHY: Readonly<Record<Restriction['model'], string>> = {
  content: 'the text of its calls was unlike anything that the lab writes',
  behaviour: 'what it did was unlike its ordinary work',
};

interface Held {
  readonly restriction: Restriction;
  readonly sinceMs: number;
  readonly untilMs: number;
}

export class Restrictions {
  readonly #byWallet = new Map<string, Held[]>();
  readonly #revisions = boundedCache<number>(REVISIONS_MAX);
  readonly #open = new EndsById();
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly now: () => number = () => Date.now()) {}

  /** Wallets that are kept from something now. */
  get size(): number {
    return this.#byWallet.size;
  }

  /** Why this principal may not call at all; undefined when it may. */
  blocked(principal: Principal): AppError | undefined {
    if (this.#byWallet.size === 0) return undefined;
    const held = this.#of(principal, 'block');
    return held && refusal('forbidden', held.restriction, `This wallet is blocked since ${held.restriction.since}`);
  }

  /** Why this credential is not good enough: it was made before the anomaly, and a new sign-in is asked for. */
  stale(principal: Principal): AppError | undefined {
    if (this.#byWallet.size === 0) return undefined;
    return this.staleSince(principal, madeAtMs(principal.credentialId));
  }

  /** As `stale`, for what was made at this time, Unix milliseconds. */
  staleSince(principal: Pick<Principal, 'walletId' | 'role'>, madeMs: number): AppError | undefined {
    const held = this.#of(principal, 'fresh_token');
    if (held === undefined || madeMs >= held.sinceMs) return undefined;
    const { restriction } = held;
    return refusal(
      'unauthenticated',
      restriction,
      `Cannot accept this credential: what was made for this wallet before ${restriction.since} is good no more, a new sign-in is needed`,
    );
  }

  /** Wallets whose rate is a tenth, each with the words for its refusals. */
  throttled(): Map<string, AppError> {
    const found = new Map<string, AppError>();
    for (const [walletId, held] of this.#byWallet) {
      const slow = held.find(({ restriction }) => restriction.kind === 'throttle')?.restriction;
      const what = `This wallet may do a tenth of what it could since ${slow?.since}`;
      if (slow !== undefined) found.set(walletId, refusal('rate_limited', slow, what));
    }
    return found;
  }

  /** Takes in what was told. Hearing of a change again, or too late, changes nothing. */
  hear(changes: readonly Restriction[]): void {
    const fresh = changes.filter(({ anomalyId, revision }) => revision > (this.#revisions.get(anomalyId) ?? -1));
    for (const change of fresh) {
      this.#revisions.set(change.anomalyId, change.revision);
      this.#put(change);
    }
    if (fresh.length > 0) this.#changed();
  }

  /**
   * Takes in the whole list: what is not on it is over.
   * @param known what was held when the list was asked for; what came since then stays
   */
  replace(list: readonly Restriction[], known: ReadonlySet<string>): void {
    const listed = new Set(list.map(({ anomalyId }) => anomalyId));
    for (const held of [...this.#byWallet.values()].flat())
      if (known.has(held.restriction.anomalyId) && !listed.has(held.restriction.anomalyId))
        this.#remove(held.restriction);
    for (const restriction of list) {
      const heard = this.#revisions.get(restriction.anomalyId) ?? -1;
      if (restriction.revision < heard) continue;
      this.#revisions.set(restriction.anomalyId, restriction.revision);
      this.#put(restriction);
    }
    this.#changed();
  }

  /** Ids of the anomalies that restrict somebody here. */
  known(): Set<string> {
    return new Set([...this.#byWallet.values()].flat().map(({ restriction }) => restriction.anomalyId));
  }

  /** Calls `listener` after every change, also when something ends by itself. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Calls `end` when this wallet is blocked or must sign in anew; gives back what forgets it. */
  whenStopped(walletId: string, end: () => void): () => void {
    return this.#open.add(walletId, end);
  }

  #of({ walletId, role }: Pick<Principal, 'walletId' | 'role'>, kind: Restriction['kind']): Held | undefined {
    const held = this.#byWallet.get(walletId);
    if (held === undefined || role === 'operator') return undefined;
    const now = this.now();
    return held.find(({ restriction, untilMs }) => restriction.kind === kind && untilMs > now);
  }

  #put(restriction: Restriction): void {
    this.#remove(restriction);
    const untilMs = Date.parse(restriction.until);
    if (restriction.lifted || untilMs <= this.now()) return;
    const held = this.#byWallet.get(restriction.walletId) ?? [];
    this.#byWallet.set(restriction.walletId, [
      ...held,
      { restriction, sinceMs: Date.parse(restriction.since), untilMs },
    ]);
    if (restriction.kind !== 'throttle') this.#open.tell(restriction.walletId);
  }

  #remove({ walletId, anomalyId }: Restriction): void {
    const left = (this.#byWallet.get(walletId) ?? []).filter(({ restriction }) => restriction.anomalyId !== anomalyId);
    if (left.length === 0) this.#byWallet.delete(walletId);
    else this.#byWallet.set(walletId, left);
  }

  #changed(): void {
    clearTimeout(this.#timer);
    const now = this.now();
    const held = [...this.#byWallet.values()].flat();
    for (const { restriction, untilMs } of held) if (untilMs <= now) this.#remove(restriction);
    const next = Math.min(...held.map(({ untilMs }) => untilMs).filter((untilMs) => untilMs > now));
    if (Number.isFinite(next))
      this.#timer = setTimeout(() => this.#changed(), Math.min(next - now, TIMER_MAX_MS)).unref();
    for (const listener of this.#listeners) listener();
  }
}

function refusal(code: 'forbidden' | 'unauthenticated' | 'rate_limited', restriction: Restriction, what: string) {
  const { anomalyId, kind, model, until } = restriction;
  const ends = kind === 'fresh_token' ? '' : ` It ends at ${until}, or when the lab’s operator ends it.`;
  return new AppError(code, `${what}: ${WHY[model]}.${ends} Ask the lab’s operator and name anomaly ${anomalyId}`, {
    details: { limit: 'restriction', restriction: kind, anomalyId },
  });
}

/** When a credential was made: its id is a UUIDv7. One whose id does not say so counts as old. */
function madeAtMs(credentialId: string): number {
  const made = /^cred_([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(credentialId);
  return made === null ? Number.NEGATIVE_INFINITY : Number.parseInt(`${made[1]}${made[2]}`, 16);
}
