// Tells whose credential this is. Everything that is not exactly right is one answer, unauthenticated, with its reason.
import { LAB_CONFIG, type LabConfig, verifyJwt } from '@labmesh/agent';
import { AppError, ROLE_PERMISSIONS, type sentinel, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { SigningKeys } from '../keys/signing-keys.js';
import { hashOf, isClientKey } from './client-key.js';
import { audienceOf } from './credential-issuer.js';
import { CredentialsRepository, type StoredCredential } from './credentials.repository.js';

export interface Verified {
  readonly principal: ToolOutput<(typeof sentinel.tools)['verify_credential']>['principal'];
  readonly expiresAt: Date;
}

const refuse = (reason: string): AppError =>
  new AppError(
    'unauthenticated',
    `Cannot accept this credential: ${reason}. Make a new one with sentinel_generate_wallet_token.`,
  );

@Injectable()
export class CredentialCheck {
  constructor(
    @Inject(SigningKeys) private readonly keys: SigningKeys,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(LAB_CONFIG) private readonly lab: LabConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The principal behind an access token or a client key. @throws AppError unauthenticated */
  async verify(credential: string): Promise<Verified> {
    const stored = credential.startsWith('lmk_')
      ? await this.#clientKey(credential)
      : await this.#accessToken(credential);
    const verified = this.#good(stored);
    await this.credentials.markUsed(stored, this.clock());
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
    if (!stored) throw refuse('it is not known here');
    return stored;
  }

  async #accessToken(token: string): Promise<StoredCredential> {
    const claims = verifyJwt(token, {
      keys: this.keys.verificationKeys(),
      typ: 'at+jwt',
      issuer: this.lab.publicUrl,
      audience: audienceOf(this.lab),
      now: this.clock(),
    });
    const stored = await this.credentials.byId(claims.jti);
    if (stored?.kind !== 'access' || stored.walletId !== claims.sub) throw refuse('it is not known here');
    return stored;
  }

  /** The row has the last word, and the role's permissions of today bound those of the day it was made. */
  #good(stored: StoredCredential): Verified {
    if (stored.revokedAt) throw refuse('it was withdrawn');
    if (stored.expiresAt.getTime() <= this.clock()) throw refuse(`it expired at ${stored.expiresAt.toISOString()}`);
    const { walletId, role, permissions, toolset, id } = stored;
    const principal = {
      walletId,
      role,
      permissions: permissions.filter((permission) => ROLE_PERMISSIONS[role].includes(permission)),
      ...(toolset ? { toolset: [...toolset] } : {}),
      credentialId: id,
    };
    return { principal, expiresAt: stored.expiresAt };
  }
}
