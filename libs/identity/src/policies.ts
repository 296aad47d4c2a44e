// The policy that this process decides by. It hears of newer ones, fetches what it missed, and never goes back to an older one.
import type { Bus } from '@labmesh/bus';
import { AppError, BUILT_IN_POLICY, VersionedPolicy } from '@labmesh/contracts';
import { askSentinel } from './ask-sentinel.js';
import { CompiledPolicy } from './compiled-policy.js';

/** Timers hold no more than about 24 days; a rule that ends later is looked at again. */
const TIMER_MAX_MS = 86_400_000;
/** A fetch that began before a newer policy was set may bring an older one: asked again, but not for ever. */
const FETCHES_MAX = 3;

export class Policies {
  #current = new CompiledPolicy(BUILT_IN_POLICY, Date.now());
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #fetching: Promise<void> | undefined;

  constructor(private readonly bus: Pick<Bus, 'request'>) {}

  /** The policy in force, as far as this process knows; without rules that have ended. */
  get current(): CompiledPolicy {
    if (Date.now() >= this.#current.endsAtMs) this.#take(this.#current.source);
    return this.#current;
  }

  /** Puts a newer policy in force. Hearing of one again, or of an older one, changes nothing. */
  learn(policy: VersionedPolicy): void {
    if (policy.version > this.#current.version) this.#take(policy);
  }

  /**
   * Undefined when this process decides by that version or a newer one; else what waits until it does.
   * Rejects with AppError unavailable when the policy cannot be had: nobody decides by an older one.
   */
  atLeast(version: number): Promise<void> | undefined {
    return version <= this.#current.version ? undefined : this.#catchUp(version);
  }

  /** Asks the Sentinel for what is in force now. @throws AppError unavailable */
  refresh(): Promise<void> {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /** Calls `listener` when somebody may do more or less than before; gives back what takes it out again. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  async #catchUp(version: number): Promise<void> {
    for (let fetches = 0; version > this.#current.version; fetches++) {
      if (fetches === FETCHES_MAX)
        throw new AppError(
          'unavailable',
          `Cannot decide: version ${version} of the policy is in force, and the Sentinel answers with version ${this.#current.version}. Try again.`,
        );
      await this.refresh();
    }
  }

  async #fetch(): Promise<void> {
    this.learn(await askSentinel(this.bus, 'get_policy', {}));
  }

  #take(policy: VersionedPolicy): void {
    const before = this.#current.key;
    this.#current = new CompiledPolicy(policy, Date.now());
    this.#wake();
    if (this.#current.key === before) return;
    for (const listener of this.#listeners) listener();
  }

  /** Listeners hear of a rule's end when it comes, not at the next call. */
  #wake(): void {
    clearTimeout(this.#timer);
    const { endsAtMs } = this.#current;
    if (endsAtMs === Infinity) return;
    const inMs = Math.min(Math.max(0, endsAtMs - Date.now()), TIMER_MAX_MS);
    this.#timer = setTimeout(() => {
      if (Date.now() < endsAtMs) this.#wake();
      else this.#take(this.#current.source);
    }, inMs).unref();
  }
}
