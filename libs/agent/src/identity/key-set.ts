// Sentinel's published keys, fetched over the bus when a token names one we do not know. Never trusts a key from a token.
import type { Bus } from '@labmesh/bus';
import { AppError, sentinel, toolSubject } from '@labmesh/contracts';
import { parseKeySet, type VerificationKey } from '../tokens/jwt-verification.js';

const REFRESH_MIN_MS = 1_000;

export class KeySet {
  #keys: readonly VerificationKey[] = [];
  #fetchedAt = 0;
  #fetching: Promise<void> | undefined;

  constructor(private readonly bus: Pick<Bus, 'request'>) {}

  /** The keys, fetched anew when `kid` is not among them (at most once a second). @throws AppError unavailable */
  async keysFor(kid: string | undefined): Promise<readonly VerificationKey[]> {
    const known = kid !== undefined && this.#keys.some((key) => key.kid === kid);
    if (!known && Date.now() - this.#fetchedAt >= REFRESH_MIN_MS) {
      this.#fetching ??= this.#fetch().finally(() => {
        this.#fetching = undefined;
      });
      await this.#fetching;
    }
    return this.#keys;
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
    this.#keys = parseKeySet(parsed.data);
    this.#fetchedAt = Date.now();
  }
}
