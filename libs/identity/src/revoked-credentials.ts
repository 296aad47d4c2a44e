// Which credentials were withdrawn lately. What this process learnt about one before may still be in a cache; this is asked first.
import { boundedCache } from '@labmesh/runtime';
import { EndsById } from './ends-by-id.js';

/** Longer than any verdict or pass lives, milliseconds: after that no cache speaks of it any more. */
const REMEMBER_MS = 120_000;
const REMEMBERED_MAX = 100_000;

export class RevokedCredentials {
  readonly #ids = boundedCache<true>(REMEMBERED_MAX, REMEMBER_MS);
  readonly #open = new EndsById();

  /** True for a credential that is good no more. */
  has(credentialId: string): boolean {
    return this.#ids.size > 0 && this.#ids.has(credentialId);
  }

  /** Ends what was opened with these credentials. Hearing of one again changes nothing. */
  add(credentialIds: readonly string[]): void {
    for (const id of credentialIds) {
      this.#ids.set(id, true);
      this.#open.tell(id);
    }
  }

  /** Calls `end` when this credential is withdrawn; gives back what forgets it. */
  whenRevoked(credentialId: string, end: () => void): () => void {
    return this.#open.add(credentialId, end);
  }
}
