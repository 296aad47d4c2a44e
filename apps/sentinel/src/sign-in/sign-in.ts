// One-time links for the lab's page: a code of 192 random bits, good once, ten minutes. Only its hash is stored.
import { randomBytes } from 'node:crypto';
import {
  ACCESS_TOKEN_MAX_S,
  AppError,
  type Principal,
  SIGN_IN_CODE_BYTES,
  SIGN_IN_TTL_S,
  type sentinel,
  type ToolOutput,
} from '@labmesh/contracts';
import { Restrictions } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { hashOf } from '../tokens/client-key.js';
import { CredentialIssuer } from '../tokens/credential-issuer.js';
import { SignInRepository } from './sign-in.repository.js';

type Link = ToolOutput<(typeof sentinel.tools)['create_sign_in_link']>;
type Redeemed = ToolOutput<(typeof sentinel.tools)['redeem_sign_in_code']>;

@Injectable()
export class SignIn {
  constructor(
    @Inject(SignInRepository) private readonly repository: SignInRepository,
    @Inject(CredentialIssuer) private readonly issuer: CredentialIssuer,
    @Inject(Restrictions) private readonly restrictions: Pick<Restrictions, 'staleSince'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A code for this principal; open `<lab address>/#code=<code>`. It carries the principal's rights, no more. */
  async createFor(principal: Principal): Promise<Link> {
    const bound = await this.issuer.boundTo(principal);
    if (bound !== undefined && bound !== 'gateway')
      throw new AppError(
        'forbidden',
        `Cannot make a sign-in link: it lets in at the gateway, and your token is good at ${bound} alone. Call with another.`,
      );
    const code = randomBytes(SIGN_IN_CODE_BYTES).toString('base64url');
    const from = new Date(this.clock());
    const until = new Date(from.getTime() + SIGN_IN_TTL_S * 1_000);
    await this.repository.add(hashOf(code), principal, { from, until });
    return { code, expiresAt: until.toISOString() };
  }

  /**
   * Exchanges a code for an access token of one hour, and for the refresh token of its sign-in where one is wanted.
   * @throws AppError unauthenticated the second time, or too late
   */
  async redeem(code: string, refreshable = false): Promise<Redeemed> {
    const used = await this.repository.useUp(hashOf(code), new Date(this.clock()));
    if (!used) {
      throw new AppError(
        'unauthenticated',
        'Cannot sign in with this code: it was used, is over, or was never made. Make a new link with sentinel_create_sign_in_link.',
      );
    }
    const { createdAt, ...rights } = used;
    const stale = this.restrictions.staleSince(rights, createdAt.getTime());
    if (stale !== undefined) throw stale;
    const { walletId } = rights;
    const { token, credential, refresh } = await this.issuer.begin(
      { ...rights, kind: 'access', label: 'sign-in', issuedBy: walletId, ttlSeconds: ACCESS_TOKEN_MAX_S },
      refreshable,
    );
    return { token, walletId, role: credential.role, expiresAt: credential.expiresAt.toISOString(), ...refresh };
  }
}
