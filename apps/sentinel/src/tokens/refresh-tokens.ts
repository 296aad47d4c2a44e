// Renewing access: each refresh token is exchanged once for an access token and the next refresh token. One that comes a second
// time was copied by somebody, so all that came from its sign-in is withdrawn: the thief and the owner both sign in again. Whoever asks with
// a secret of its own may repeat the exchange until the answer was used: a renewal that was killed signs nobody out.

import { ACCESS_TOKEN_MAX_S, AppError, type sentinel, type ToolOutput } from '@labmesh/contracts';
import { Restrictions } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { hashOf, isRefreshToken, nextRefreshToken } from './client-key.js';
import { CredentialIssuer } from './credential-issuer.js';
import { CredentialsRepository, type StoredCredential } from './credentials.repository.js';
import { Revocations } from './revocations.js';

type Renewed = ToolOutput<(typeof sentinel.tools)['refresh_token']>;

const refuse = (reason: string): AppError =>
  new AppError('unauthenticated', `Cannot renew with this refresh token: ${reason}. Sign in again.`);

/** What both tokens of an exchange take from the one that was exchanged. */
const orderOf = ({ walletId, role, permissions, toolset, label, audience, issuedBy, familyId }: StoredCredential) => ({
  walletId,
  role,
  permissions,
  toolset,
  label,
  audience,
  issuedBy,
  familyId,
});

@Injectable()
export class RefreshTokens {
  constructor(
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(CredentialIssuer) private readonly issuer: CredentialIssuer,
    @Inject(Revocations) private readonly revocations: Revocations,
    @Inject(Restrictions) private readonly restrictions: Pick<Restrictions, 'size' | 'staleSince'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * refresh_token and renew_access.
   * @param renewal a secret of the caller, by which it may ask for this very exchange again when the answer was lost
   * @throws AppError unauthenticated for one that is not good any more, with the reason
   */
  async renew(refreshToken: string, renewal?: string): Promise<Renewed> {
    if (!isRefreshToken(refreshToken)) throw refuse('it has the wrong form or checksum, so it was cut or mistyped');
    const hash = hashOf(refreshToken);
    if (this.restrictions.size > 0) await this.#refuseStale(hash);
    const next = renewal === undefined ? undefined : nextRefreshToken(refreshToken, renewal);
    const nextHash = next === undefined ? undefined : hashOf(next);
    const exchanged =
      (await this.credentials.exchange(hash, new Date(this.clock()), nextHash)) ??
      (await this.#repeated(hash, nextHash));
    const leftS = Math.floor((exchanged.expiresAt.getTime() - this.clock()) / 1_000);
    const access = await this.issuer.issue({
      ...orderOf(exchanged),
      kind: 'access',
      ttlSeconds: Math.min(ACCESS_TOKEN_MAX_S, leftS),
    });
    const refresh = await this.#next(exchanged, next);
    return {
      token: access.token,
      tokenId: access.credential.id,
      walletId: access.credential.walletId,
      role: access.credential.role,
      expiresAt: access.credential.expiresAt.toISOString(),
      refreshToken: refresh.token,
      refreshExpiresAt: refresh.expiresAt.toISOString(),
    };
  }

  /** end_sign_in: whoever has the refresh token may end what came of it. */
  async end(refreshToken: string): Promise<Record<string, never>> {
    const stored = isRefreshToken(refreshToken) ? await this.credentials.byKeyHash(hashOf(refreshToken)) : undefined;
    if (stored?.kind === 'refresh' && stored.familyId !== undefined)
      await this.revocations.revokeFamily(stored.familyId);
    return {};
  }

  /** The exchanged token, when this is the same exchange once more and its answer was not used yet. @throws AppError otherwise */
  async #repeated(hash: Buffer, nextHash: Buffer | undefined): Promise<StoredCredential> {
    const stored = await this.credentials.byKeyHash(hash);
    const same = nextHash !== undefined && stored?.nextHash !== undefined && nextHash.equals(stored.nextHash);
    if (!same || stored.revokedAt !== undefined || stored.expiresAt.getTime() <= this.clock())
      throw await this.#refusal(stored);
    const next = await this.credentials.byKeyHash(nextHash);
    if (next?.exchangedAt !== undefined) throw await this.#refusal(stored);
    return stored;
  }

  /** The refresh token that comes next; of a repeated exchange, the one that was made already. */
  async #next(exchanged: StoredCredential, next: string | undefined): Promise<{ token: string; expiresAt: Date }> {
    const made = next === undefined ? undefined : await this.credentials.byKeyHash(hashOf(next));
    if (next !== undefined && made !== undefined) return { token: next, expiresAt: made.expiresAt };
    const ttlSeconds = Math.floor((exchanged.expiresAt.getTime() - this.clock()) / 1_000);
    const order = { ...orderOf(exchanged), kind: 'refresh', ttlSeconds, refreshToken: next } as const;
    try {
      const { token, credential } = await this.issuer.issue(order);
      return { token, expiresAt: credential.expiresAt };
    } catch (error) {
      // Of two repetitions at once the other made it.
      const twin = next === undefined ? undefined : await this.credentials.byKeyHash(hashOf(next));
      if (next === undefined || twin === undefined) throw error;
      return { token: next, expiresAt: twin.expiresAt };
    }
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
