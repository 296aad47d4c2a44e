// Sentinel's published keys, fetched over the bus when a token names one we do not know. Never trusts a key from a token.
import type { Bus } from '@labmesh/bus';
import { askSentinel } from './ask-sentinel.js';
import { parseKeySet, type VerificationKey } from './jwt-verification.js';

const REFRESH_MIN_MS = 1_000;
/** Known keys are read anew this often, so that one that is trusted no more is soon forgotten. */
const REFRESH_MS = 5_000;

export class KeySet {
  #keys: readonly VerificationKey[] = [];
  #log: string | undefined;
  #fetchedAt = 0;
  #triedAt = 0;
  #distrustedAtMs = 0;
  #fetching: Promise<void> | undefined;

  constructor(private readonly bus: Pick<Bus, 'request'>) {}

  /** Name of the audit log; known once the keys are. */
  get log(): string | undefined {
    return this.#log;
  }

  /** True for a key that is trusted. Keys that were read long ago are read anew meanwhile. */
  trusts(kid: string): boolean {
    const now = Date.now();
    if (now - this.#fetchedAt >= REFRESH_MS && now - this.#triedAt >= REFRESH_MIN_MS)
      void this.#fetchOnce().catch(() => undefined);
    return this.#keys.some((key) => key.kid === kid);
  }

  /** When it was last told that a key leaked, Unix milliseconds: what was asked before may be by a thief's word. */
  get distrustedAtMs(): number {
    return this.#distrustedAtMs;
  }

  /**
   * The Sentinel says which keys it publishes: they are read anew at once when that is news.
   * @param leaked that one of before is trusted no more. It is told for some seconds, until every replica surely knows.
   */
  heard(kids: readonly string[], leaked = false): void {
    if (leaked) this.#distrustedAtMs = Date.now();
    const known = new Set(this.#keys.map(({ kid }) => kid));
    if (known.size !== kids.length || kids.some((kid) => !known.has(kid)))
      void this.#fetchOnce().catch(() => undefined);
  }

  /** The keys, fetched anew when `kid` is not among them (at most once a second). @throws AppError unavailable */
  async keysFor(kid: string | undefined): Promise<readonly VerificationKey[]> {
    const known = kid !== undefined && this.trusts(kid);
    if (!known && Date.now() - this.#fetchedAt >= REFRESH_MIN_MS) await this.#fetchOnce();
    return this.#keys;
  }

  #fetchOnce(): Promise<void> {
    this.#triedAt = Date.now();
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    const { keys, auditLog } = await askSentinel(this.bus, 'get_signing_keys', {});
    this.#keys = parseKeySet({ keys });
    this.#log = auditLog?.name;
    this.#fetchedAt = Date.now();
  }
}
