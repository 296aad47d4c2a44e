// Checks the pass a call came with: signed by Sentinel, for this agent, not expired. Every agent does it itself.

import type { Principal } from '@labmesh/contracts';
import { LRUCache } from 'lru-cache';
import { verifyJwt } from '../tokens/jwt-verification.js';
import type { KeySet } from './key-set.js';

export interface VerifiedPass {
  readonly principal: Principal;
  /** Agents acting for the principal, outermost first. */
  readonly chain: readonly string[];
  readonly expiresAtMs: number;
}

export class PassVerifier {
  readonly #seen = new LRUCache<string, VerifiedPass>({ max: 10_000 });

  constructor(
    private readonly keys: KeySet,
    private readonly issuer: string,
  ) {}

  /** @throws AppError unauthenticated with the reason; unavailable when Sentinel's keys cannot be had */
  async verify(pass: string, agent: string): Promise<VerifiedPass> {
    const cacheKey = `${agent} ${pass}`;
    const seen = this.#seen.get(cacheKey);
    if (seen !== undefined && seen.expiresAtMs > Date.now()) return seen;
    const keys = await this.keys.keysFor(keyIdOf(pass));
    const { sub, exp, role, permissions, toolset, cred, act } = verifyJwt(pass, {
      keys,
      typ: 'pass+jwt',
      issuer: this.issuer,
      audience: agent,
    });
    const verified: VerifiedPass = {
      principal: {
        walletId: sub,
        role,
        permissions,
        credentialId: cred,
        ...(toolset === undefined ? {} : { toolset }),
      },
      chain: act,
      expiresAtMs: exp * 1_000,
    };
    this.#seen.set(cacheKey, verified);
    return verified;
  }
}

/** Only to know whether to fetch keys anew; nothing is trusted before the signature was checked. */
function keyIdOf(pass: string): string | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(pass.slice(0, pass.indexOf('.')), 'base64url').toString('utf8'));
    const kid = (header as { kid?: unknown } | null)?.kid;
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}
