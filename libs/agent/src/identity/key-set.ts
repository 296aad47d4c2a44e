// Sentinel's published keys, fetched over the bus when a token names one we do not know. Never trusts a key from a token.
import type { Bus } from '@labmesh/bus';
import { AppError, sentinel, toolSubject } from '@labmesh/contracts';
import { parseKeySet, type VerificationKey } from '../tokens/jwt-verification.js';

const REFRESH_MIN_MS = 1_000;
/** Known keys are read anew this often, so that one that is trusted no more is soon forgotten. */
const REFRESH_MS = 5_000;

export class KeySet {
  #keys: readonly VerificationKey[] = [];
  #log: string | undefined;
  #fetchedAt = 0;
  #triedAt = 0;
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
    const tool = sentinel.tools.get_signing_keys;
    const answer = await this.bus.request(
      toolSubject(sentinel.name, 'get_signing_keys'),
      {},
      { headers: {}, timeoutMs: tool.timeoutMs },
    );
    const parsed = tool.output.safeParse(answer);
    if (!parsed.success)
      throw new AppError('unavailable', 'Cannot verify tokens: the Sentinel answered no usable keys');
    this.#keys = parseKeySet({ keys: parsed.data.keys });
    this.#log = parsed.data.auditLog?.name;
    this.#fetchedAt = Date.now();
  }
}
