// Passes: what travels behind the gateway, for one agent, 60 s. A pass never outlives or exceeds the credential it comes from.
import { CHAIN_MAX, LAB_CONFIG, type LabConfig, verifyJwt } from '@labmesh/agent';
import { AppError, PASS_TTL_S, type sentinel, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CLOCK, type Clock } from '../clock.js';
import { SigningKeys } from '../keys/signing-keys.js';
import { CredentialCheck, type Verified } from './credential-check.js';

type Request = ToolInput<(typeof sentinel.tools)['issue_pass']>;
type Answer = ToolOutput<(typeof sentinel.tools)['issue_pass']>;

interface Bearer extends Verified {
  /** Agents acting, outermost first. */
  readonly chain: readonly string[];
}

@Injectable()
export class Passes {
  constructor(
    @Inject(SigningKeys) private readonly keys: SigningKeys,
    @Inject(CredentialCheck) private readonly check: CredentialCheck,
    @Inject(LAB_CONFIG) private readonly lab: LabConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** issue_pass. @throws AppError unauthenticated for a credential that is not good, or not the actor's to show */
  async issue({ credential, agent, actor }: Request): Promise<Answer> {
    const bearer =
      actor === undefined
        ? { ...(await this.check.verify(credential)), chain: [] }
        : await this.#acting(credential, actor);
    const { walletId, role, permissions, toolset, credentialId } = bearer.principal;
    const iat = Math.floor(this.clock() / 1_000);
    const exp = Math.min(iat + PASS_TTL_S, Math.ceil(bearer.expiresAt.getTime() / 1_000));
    const pass = this.keys.sign('pass+jwt', {
      iss: this.lab.publicUrl,
      aud: agent,
      sub: walletId,
      jti: uuidv7(),
      iat,
      exp,
      role,
      permissions,
      ...(toolset ? { toolset } : {}),
      cred: credentialId,
      act: bearer.chain,
    });
    return { pass, expiresAt: new Date(exp * 1_000).toISOString() };
  }

  /** An agent shows the pass it was called with: the audience must be that agent, so a pass is of no use to another. */
  async #acting(pass: string, actor: string): Promise<Bearer> {
    const claims = verifyJwt(pass, {
      keys: this.keys.verificationKeys(),
      typ: 'pass+jwt',
      issuer: this.lab.publicUrl,
      audience: actor,
      now: this.clock(),
    });
    if (claims.act.length >= CHAIN_MAX) {
      throw new AppError(
        'unauthenticated',
        `Cannot make a pass: ${claims.act.length} agents act in turn already (${claims.act.join(' > ')}). Agents must not call in circles.`,
      );
    }
    // Asked again, so that a withdrawn credential stops at the next step of a chain, not at its end.
    const { principal, expiresAt } = await this.check.verifyById(claims.cred);
    const permissions = principal.permissions.filter((permission) => claims.permissions.includes(permission));
    return { principal: { ...principal, permissions }, expiresAt, chain: [...claims.act, actor] };
  }
}
