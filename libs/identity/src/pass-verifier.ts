// Checks the pass a call came with: signed by Sentinel, for this agent, not expired. Every agent does it itself.

import { AppError, type Principal } from '@labmesh/contracts';
import { boundedCache } from '@labmesh/runtime';
import type { ChangedRoles } from './changed-roles.js';
import { type PassClaims, verifyJwt } from './jwt-verification.js';
import type { KeySet } from './key-set.js';
import type { Policies } from './policies.js';
import type { RevokedCredentials } from './revoked-credentials.js';

export interface VerifiedPass {
  readonly principal: Principal;
  /** Agents acting for the principal, outermost first. */
  readonly chain: readonly string[];
  /** The only tools that it is good for; present when an agent acts. */
  readonly tools?: readonly string[];
  readonly expiresAtMs: number;
  /** The Sentinel knew this policy when it made the pass: nobody decides about it by an older one. */
  readonly policyVersion: number;
}

/** What may have happened since the pass was made: to the credential, to its wallet, to the policy. */
export interface LaterNews {
  readonly revoked: Pick<RevokedCredentials, 'has'>;
  readonly roles: Pick<ChangedRoles, 'ofToday'>;
  readonly policies: Pick<Policies, 'current' | 'atLeast'>;
}

interface Seen extends VerifiedPass {
  /** Of the key that signed it: it may be trusted no more. */
  readonly kid: string;
}

export class PassVerifier {
  readonly #seen = boundedCache<Seen>(10_000);

  constructor(
    private readonly keys: KeySet,
    private readonly issuer: string,
    private readonly news: LaterNews,
  ) {}

  /** @throws AppError unauthenticated with the reason; unavailable when Sentinel's keys, or its policy, cannot be had */
  async verify(pass: string, agent: string): Promise<VerifiedPass> {
    const verified = await this.#verified(pass, agent);
    const { revoked, roles, policies } = this.news;
    if (revoked.has(verified.principal.credentialId))
      throw new AppError('unauthenticated', 'Cannot accept this pass: the credential it comes from was withdrawn.');
    await policies.atLeast(verified.policyVersion);
    const principal = roles.ofToday(verified.principal, policies.current);
    return principal === verified.principal ? verified : { ...verified, principal };
  }

  async #verified(pass: string, agent: string): Promise<VerifiedPass> {
    const cacheKey = `${agent} ${pass}`;
    const seen = this.#seen.get(cacheKey);
    if (seen !== undefined && seen.expiresAtMs > Date.now() && this.keys.trusts(seen.kid)) return seen;
    const kid = keyIdOf(pass);
    const keys = await this.keys.keysFor(kid);
    const claims = verifyJwt(pass, { keys, typ: 'pass+jwt', issuer: this.issuer, audience: agent });
    const verified = { ...asVerified(claims), kid: kid ?? '' };
    this.#seen.set(cacheKey, verified);
    return verified;
  }
}

function asVerified({ sub, exp, role, permissions, toolset, cred, act, tools, pol = 0 }: PassClaims): VerifiedPass {
  return {
    principal: {
      walletId: sub,
      role,
      permissions,
      credentialId: cred,
      ...(toolset === undefined ? {} : { toolset }),
    },
    chain: act,
    // Of an acting agent that says nothing, nothing is allowed.
    ...(act.length === 0 ? {} : { tools: tools ?? [] }),
    expiresAtMs: exp * 1_000,
    policyVersion: pol,
  };
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
