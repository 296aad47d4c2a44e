// Wallets that got another role lately. What this process learnt about one before may still be in a cache or a pass; this is asked first.

import type { Principal, Role } from '@labmesh/contracts';
import { boundedCache } from '@labmesh/runtime';
import type { CompiledPolicy } from './compiled-policy.js';
import { EndsById } from './ends-by-id.js';

/** Longer than any verdict or pass lives, milliseconds: after that no cache speaks of the old role any more. */
const REMEMBER_MS = 120_000;
const REMEMBERED_MAX = 100_000;

export interface RoleChange {
  readonly walletId: string;
  readonly role: Role;
  /** Counts the changes of this wallet. */
  readonly change: number;
}

export class ChangedRoles {
  readonly #changes = boundedCache<RoleChange & { readonly heardAtMs: number }>(REMEMBERED_MAX, REMEMBER_MS);
  readonly #open = new EndsById();

  /** Ends what was opened for this wallet. Hearing of a change again, or of an older one, changes nothing. */
  learn(news: RoleChange): void {
    const known = this.#changes.get(news.walletId);
    if (known !== undefined && known.change >= news.change) return;
    this.#changes.set(news.walletId, { ...news, heardAtMs: Date.now() });
    this.#open.tell(news.walletId);
  }

  /**
   * The principal with the role that their wallet has now; the same object when nothing changed. They carry no more than the
   * role they came with allows: should this process have missed a later change, it gives nothing that the Sentinel took. What
   * the new role has beyond that comes with the next verdict.
   */
  ofToday(principal: Principal, policy: Pick<CompiledPolicy, 'bounded'>): Principal {
    if (this.#changes.size === 0) return principal;
    const role = this.#changes.get(principal.walletId)?.role;
    if (role === undefined || role === principal.role) return principal;
    return { ...principal, role, permissions: policy.bounded(principal).permissions };
  }

  /** True when what was asked about this wallet at that moment may be of its old role. */
  changedSince(walletId: string, askedAtMs: number): boolean {
    if (this.#changes.size === 0) return false;
    const change = this.#changes.get(walletId);
    return change !== undefined && change.heardAtMs >= askedAtMs;
  }

  /** Calls `end` when this wallet gets another role; gives back what forgets it. */
  whenChanged(walletId: string, end: () => void): () => void {
    return this.#open.add(walletId, end);
  }
}
