// Tells whose credential this is. Everything that is not exactly right is one answer, unauthenticated, with its reason.

import {
  AppError,
  AUDIENCES,
  type Audience,
  CLIENT_KEY_PREFIX,
  type Principal,
  REFRESH_TOKEN_PREFIX,
  type sentinel,
  type ToolOutput,
} from '@labmesh/contracts';
import { type Claims, Policies, verifyJwt } from '@labmesh/identity';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { SigningKeys } from '../keys/signing-keys.js';
import { hashOf, isClientKey } from './client-key.js';
import { audienceOf } from './credential-issuer.js';
import { CredentialsRepository, type StoredCredential } from './credentials.repository.js';
import { LastUses } from './last-uses.js';
import { WithdrawnTokens } from './withdrawn-tokens.js';

type Answer = ToolOutput<(typeof sentinel.tools)['verify_credential']>;

export interface Verified {
  /** Bounded by the policy in force here. */
  readonly principal: Principal;
  /**
   * As the credential says it, unbounded: what verdicts and passes carry. Whoever decides by them bounds them by the policy of
   * that moment, so that none of them must be asked anew when the policy changes.
   */
  readonly bearer: Principal;
  readonly expiresAt: Date;
  /** The only place where it is good, when there is one. */
  readonly audience?: Audience;
  /** Whoever decides about this credential knows this policy or a newer one. */
  readonly policyVersion: number;
}

/** What a credential says, by its row or, signed, by itself. */
type Standing = Pick<
  StoredCredential,
  'id' | 'walletId' | 'role' | 'permissions' | 'toolset' | 'audience' | 'expiresAt' | 'revokedAt'
>;

const refuse = (reason: string): AppError =>
  new AppError(
    'unauthenticated',
    `Cannot accept this credential: ${reason}. Make a new one with sentinel_generate_wallet_token.`,
  );

@Injectable()
export class CredentialCheck {
  readonly #places: readonly [string, ...string[]];

  constructor(
    @Inject(SigningKeys) private readonly keys: SigningKeys,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(WithdrawnTokens) private readonly withdrawn: Pick<WithdrawnTokens, 'believes' | 'has'>,
    @Inject(LastUses) private readonly uses: LastUses,
    @Inject(Policies) private readonly policies: Pick<Policies, 'current'>,
    @Inject(LAB_CONFIG) private readonly lab: LabConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    const [first, ...others] = AUDIENCES;
    this.#places = [audienceOf(lab, first), ...others.map((audience) => audienceOf(lab, audience))];
  }

  /** The principal behind an access token or a client key. @throws AppError unauthenticated */
  async verify(credential: string): Promise<Verified> {
    if (credential.startsWith(CLIENT_KEY_PREFIX)) {
      const stored = await this.#clientKey(credential);
      const verified = this.#good(stored);
      this.uses.note(stored, this.clock());
      return verified;
    }
    if (credential.startsWith(REFRESH_TOKEN_PREFIX))
      throw refuse('it is a refresh token, which /token exchanges for an access token');
    if (!credential.includes('.'))
      throw refuse('it is neither a client key (lmk_…) nor an access token, so it was cut or mistyped');
    const claims = this.#claims(credential);
    // Signed by us, so it says what its row says, but for whether it was withdrawn: that is known in memory or asked.
    const verified = this.#good(
      this.withdrawn.believes(claims.jti) ? this.#asSigned(claims) : await this.#accessToken(claims),
    );
    this.uses.note({ id: claims.jti }, this.clock());
    return verified;
  }

  /** The same by the credential's id, for whoever shows a pass made from it. @throws AppError unauthenticated */
  async verifyById(id: string): Promise<Verified> {
    const stored = await this.credentials.byId(id);
    if (!stored) throw refuse('it is not known here');
    return this.#good(stored);
  }

  async #clientKey(key: string): Promise<StoredCredential> {
    if (!isClientKey(key)) throw refuse('it has the wrong form or checksum, so it was cut or mistyped');
    const stored = await this.credentials.byKeyHash(hashOf(key));
    if (stored?.kind !== 'client_key') throw refuse('it is not known here');
    return stored;
  }

  #claims(token: string): Claims<'at+jwt'> {
    return verifyJwt(token, {
      keys: this.keys.verificationKeys(),
      typ: 'at+jwt',
      issuer: this.lab.publicUrl,
      audience: this.#places,
      now: this.clock(),
    });
  }

  async #accessToken({ jti, sub, aud }: Claims<'at+jwt'>): Promise<StoredCredential> {
    const stored = await this.credentials.byId(jti);
    if (stored?.kind !== 'access' || stored.walletId !== sub) throw refuse('it is not known here');
    return { ...stored, audience: this.#placeOf(aud) };
  }

  #asSigned({ jti, sub, role, permissions, toolset, aud, exp }: Claims<'at+jwt'>): Standing {
    const expiresAt = new Date(exp * 1_000);
    return { id: jti, walletId: sub, role, permissions, toolset, audience: this.#placeOf(aud), expiresAt };
  }

  #placeOf(address: string): Audience {
    const place = AUDIENCES.find((audience) => audienceOf(this.lab, audience) === address);
    if (place === undefined) throw refuse('it is meant for another place');
    return place;
  }

  /** The policy in force bounds what it was made with. */
  #good({ id, walletId, role, permissions, toolset, audience, expiresAt, revokedAt }: Standing): Verified {
    if (revokedAt !== undefined || this.withdrawn.has(id)) throw refuse('it was withdrawn');
    if (expiresAt.getTime() <= this.clock()) throw refuse(`it expired at ${expiresAt.toISOString()}`);
    const bearer: Principal = {
      walletId,
      role,
      permissions,
      ...(toolset ? { toolset } : {}),
      credentialId: id,
    };
    const policy = this.policies.current;
    const good = audience === undefined ? {} : { audience };
    return { principal: policy.bounded(bearer), bearer, expiresAt, policyVersion: policy.version, ...good };
  }
}

/** What verify_credential answers: the bearer as the credential says it, in arrays of its own. */
export function onTheWire({ bearer, expiresAt, policyVersion, audience }: Verified): Answer {
  const { permissions, toolset, ...rest } = bearer;
  return {
    principal: { ...rest, permissions: [...permissions], ...(toolset === undefined ? {} : { toolset: [...toolset] }) },
    expiresAt: expiresAt.toISOString(),
    policyVersion,
    ...(audience === undefined ? {} : { audience }),
  };
}
