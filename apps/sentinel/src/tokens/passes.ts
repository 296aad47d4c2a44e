// Passes: what travels behind the gateway, for one agent, 60 s. A pass never outlives or exceeds the credential it comes from.

import { AppError, type Needs, PASS_TTL_S, type sentinel, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { CHAIN_MAX, verifyJwt } from '@labmesh/identity';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CLOCK, type Clock } from '../clock.js';
import { SigningKeys } from '../keys/signing-keys.js';
import { CredentialCheck, type Verified } from './credential-check.js';

type Request = ToolInput<(typeof sentinel.tools)['issue_pass']>;
type Answer = ToolOutput<(typeof sentinel.tools)['issue_pass']>;

/** What each agent of the lab declares to need of others. */
export const NEEDS = Symbol('NEEDS');

interface Shown extends Verified {
  /** Agents acting, outermost first. */
  readonly chain: readonly string[];
  /** What the last of them may call. */
  readonly tools?: readonly string[];
}

@Injectable()
export class Passes {
  constructor(
    @Inject(SigningKeys) private readonly keys: SigningKeys,
    @Inject(CredentialCheck) private readonly check: CredentialCheck,
    @Inject(LAB_CONFIG) private readonly lab: LabConfig,
    @Inject(NEEDS) private readonly needs: ReadonlyMap<string, Needs>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** issue_pass. @throws AppError unauthenticated for a credential that is not good, or not the actor's to show */
  async issue({ credential, agent, actor }: Request): Promise<Answer> {
    const shown =
      actor === undefined ? await this.#holding(credential, agent) : await this.#acting(credential, actor, agent);
    const { walletId, role, permissions, toolset, credentialId } = shown.bearer;
    const iat = Math.floor(this.clock() / 1_000);
    const exp = Math.min(iat + PASS_TTL_S, Math.ceil(shown.expiresAt.getTime() / 1_000));
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
      act: shown.chain,
      pol: shown.policyVersion,
      ...(shown.tools ? { tools: shown.tools } : {}),
    });
    return { pass, expiresAt: new Date(exp * 1_000).toISOString(), policyVersion: shown.policyVersion };
  }

  /** An endpoint shows what its caller showed. A credential for one agent's endpoint makes passes to that agent alone. */
  async #holding(credential: string, agent: string): Promise<Shown> {
    const verified = await this.check.verify(credential);
    const { audience = 'gateway' } = verified;
    if (audience !== 'gateway' && audience !== agent)
      throw new AppError(
        'unauthenticated',
        `Cannot make a pass to ${agent}: this credential is good at ${audience} alone.`,
      );
    return { ...verified, chain: [] };
  }

  /** An agent shows the pass it was called with: the audience must be that agent, so a pass is of no use to another. */
  async #acting(pass: string, actor: string, agent: string): Promise<Shown> {
    const claims = verifyJwt(pass, {
      keys: this.keys.verificationKeys(),
      typ: 'pass+jwt',
      issuer: this.lab.publicUrl,
      audience: actor,
      now: this.clock(),
    });
    const tools = this.needs.get(actor)?.[agent];
    if (tools === undefined)
      throw new AppError(
        'forbidden',
        `Cannot make a pass: the ${actor} does not declare that it calls the ${agent}. Name what it needs there in \`needs\` of its contract.`,
      );
    if (claims.act.length >= CHAIN_MAX) {
      throw new AppError(
        'unauthenticated',
        `Cannot make a pass: ${claims.act.length} agents act in turn already (${claims.act.join(' > ')}). Agents must not call in circles.`,
      );
    }
    // Asked again, so that a withdrawn credential stops at the next step of a chain, not at its end.
    const verified = await this.check.verifyById(claims.cred);
    const permissions = verified.bearer.permissions.filter((permission) => claims.permissions.includes(permission));
    return { ...verified, bearer: { ...verified.bearer, permissions }, chain: [...claims.act, actor], tools };
  }
}
