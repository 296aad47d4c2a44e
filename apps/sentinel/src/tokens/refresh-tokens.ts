// Renewing access: each refresh token is exchanged once for an access token and the next refresh token. One that comes a second
// time was copied by somebody, so all that came from its sign-in is withdrawn: the thief and the owner both sign in again.

import { ACCESS_TOKEN_MAX_S, AppError, type sentinel, type ToolOutput } from '@labmesh/contracts';
import { Restrictions } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { hashOf, isRefreshToken } from './client-key.js';
import { CredentialIssuer } from './credential-issuer.js';
import { CredentialsRepository, type StoredCredential } from './credentials.repository.js';
import { Revocations } from './revocations.js';

type Renewed = ToolOutput<(typeof sentinel.tools)['refresh_token']>;

const refuse = (reason: string): AppError =>
  new AppError('unauthenticated', `Cannot renew with this refresh token: ${reason}. Sign in again.`);

@Injectable()
export class RefreshTokens {
  constructor(
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(CredentialIssuer) private readonly issuer: CredentialIssuer,
    @Inject(Revocations) private readonly revocations: Revocations,
    @Inject(Restrictions) private readonly restrictions: Pick<Restrictions, 'size' | 'staleSince'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** refresh_token and renew_access. @throws AppError unauthenticated for one that is not good any more, with the reason */
  async renew(refreshToken: string): Promise<Renewed> {
    if (!isRefreshToken(refreshToken)) throw refuse('it has the wrong form or checksum, so it was cut or mistyped');
    const hash = hashOf(refreshToken);
    if (this.restrictions.size > 0) await this.#refuseStale(hash);
    const exchanged = await this.credentials.exchange(hash, new Date(this.clock()));
    if (exchanged === undefined) throw await this.#refusal(await this.credentials.byKeyHash(hash));
    const { walletId, role, permissions, toolset, label, audience, issuedBy, familyId } = exchanged;
    const order = { walletId, role, permissions, toolset, label, audience, issuedBy, familyId };
    const leftS = Math.floor((exchanged.expiresAt.getTime() - this.clock()) / 1_000);
    const access = await this.issuer.issue({
      ...order,
      kind: 'access',
      ttlSeconds: Math.min(ACCESS_TOKEN_MAX_S, leftS),
    });
    const refresh = await this.issuer.issue({ ...order, kind: 'refresh', ttlSeconds: leftS });
    return {
      token: access.token,
      tokenId: access.credential.id,
      walletId,
      role: access.credential.role,
      expiresAt: access.credential.expiresAt.toISOString(),
      refreshToken: refresh.token,
      refreshExpiresAt: refresh.credential.expiresAt.toISOString(),
    };
  }

  /** Whoever must sign in anew cannot renew what began before. */
  async #refuseStale(hash: Buffer): Promise<void> {
    const stored = await this.credentials.byKeyHash(hash);
    if (stored === undefined) return;
    const first = stored.familyId === undefined ? stored : await this.credentials.byId(stored.familyId);
    const stale = this.restrictions.staleSince(stored, (first ?? stored).createdAt.getTime());
    if (stale !== undefined) throw stale;
  }

  async #refusal(stored: StoredCredential | undefined): Promise<AppError> {
    if (stored?.kind !== 'refresh') return refuse('it is not known here');
    if (stored.exchangedAt !== undefined && stored.familyId !== undefined) {
      await this.revocations.revokeFamily(stored.familyId);
      return refuse('it was used before, so somebody has a copy; all tokens of its sign-in are withdrawn now');
    }
    if (stored.revokedAt !== undefined) return refuse('it was withdrawn');
    return refuse(`it expired at ${stored.expiresAt.toISOString()}`);
  }
}
