// Makes access tokens and client keys. The token is in the answer and nowhere else.

import {
  AppError,
  type Audience,
  type Call,
  endpointPath,
  type Permission,
  type Principal,
  REFRESH_TOKEN_MAX_S,
  type Role,
  type sentinel,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Policies } from '@labmesh/identity';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CLOCK, type Clock } from '../clock.js';
import { SigningKeys } from '../keys/signing-keys.js';
import { Principals } from '../principals/principals.js';
import { hashOf, newClientKey, newRefreshToken } from './client-key.js';
import { CredentialsRepository, type StoredCredential, type StoredKind } from './credentials.repository.js';
import { audienceWithin, weigh } from './grant.js';

type Request = ToolInput<(typeof sentinel.tools)['generate_wallet_token']>;
type Answer = ToolOutput<(typeof sentinel.tools)['generate_wallet_token']>;

/** A decision already taken: who gets what, and for how long. */
export interface Order {
  readonly kind: StoredKind;
  readonly walletId: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
  readonly toolset?: readonly string[] | undefined;
  readonly label?: string | undefined;
  /** The only place where it is good; left out, the gateway for access tokens, every endpoint for client keys. */
  readonly audience?: Audience | undefined;
  /** Wallet that asked. */
  readonly issuedBy: string;
  /** Of the sign-in it comes from; a refresh token without one begins its own. */
  readonly familyId?: string | undefined;
  readonly ttlSeconds: number;
  /** A refresh token that is decided already; a new one when left out. */
  readonly refreshToken?: string | undefined;
}

export interface Issued {
  readonly token: string;
  readonly credential: StoredCredential;
}

type Refresh = Pick<Answer, 'refreshToken' | 'refreshExpiresAt'>;

/** What an access token names as where it is good: the gateway's MCP endpoint, or one agent's own. */
export const audienceOf = (lab: Pick<LabConfig, 'publicUrl'>, audience: Audience = 'gateway'): string =>
  `${lab.publicUrl}${endpointPath(audience)}`;

@Injectable()
export class CredentialIssuer {
  constructor(
    @Inject(SigningKeys) private readonly keys: SigningKeys,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(Principals) private readonly principals: Principals,
    @Inject(Policies) private readonly policies: Pick<Policies, 'current'>,
    @Inject(LAB_CONFIG) private readonly lab: LabConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** generate_wallet_token: within what the caller and the wallet's role allow. */
  async issueFor(request: Request, call: Call): Promise<Answer> {
    const caller = call.principal;
    const walletId = request.walletId ?? caller.walletId;
    if (walletId !== caller.walletId && !caller.permissions.includes('token:create:any')) {
      throw new AppError(
        'forbidden',
        `Cannot make a token for ${walletId}: it is not your wallet, and token:create:any is the operator’s. Leave walletId out for your own.`,
      );
    }
    const role = await this.principals.roleOf(walletId, call);
    const grant = weigh(request, caller, this.policies.current.rightsOf(role));
    const audience = audienceWithin(request.audience, await this.boundTo(caller));
    const order = { ...grant, audience, walletId, role, label: request.label, issuedBy: caller.walletId };
    const { kind, refreshable } = request;
    if (refreshable && kind !== 'access')
      throw new AppError(
        'invalid_input',
        'Cannot make a refreshable client key: refresh tokens renew access tokens. Leave refreshable out, or ask for kind access.',
      );
    const { token, credential, refresh } = await this.begin({ ...order, kind }, refreshable);
    const goodAt = audience ?? (request.kind === 'access' ? 'gateway' : undefined);
    return {
      token,
      kind: request.kind,
      tokenId: credential.id,
      walletId,
      role: credential.role,
      permissions: grant.permissions,
      ...(grant.toolset ? { toolset: grant.toolset } : {}),
      ...(goodAt === undefined ? {} : { audience: goodAt }),
      expiresAt: credential.expiresAt.toISOString(),
      ...refresh,
    };
  }

  /** Makes what was decided and, where one is wanted, the refresh token of the sign-in that begins with it. No rule is checked here. */
  async begin(order: Order, refreshable: boolean): Promise<Issued & { readonly refresh: Refresh }> {
    if (!refreshable) return { ...(await this.issue(order)), refresh: {} };
    const { token, credential } = await this.issue({ ...order, kind: 'refresh', ttlSeconds: REFRESH_TOKEN_MAX_S });
    const refresh = { refreshToken: token, refreshExpiresAt: credential.expiresAt.toISOString() };
    return { ...(await this.issue({ ...order, familyId: credential.familyId })), refresh };
  }

  /** The one place that a caller's credential was bound to, if it was. */
  async boundTo({ credentialId }: Pick<Principal, 'credentialId'>): Promise<Audience | undefined> {
    return (await this.credentials.byId(credentialId))?.audience;
  }

  /** Makes what was decided. For the Sentinel's own use: no rule is checked here. */
  async issue({ ttlSeconds, refreshToken, ...order }: Order): Promise<Issued> {
    // Whole seconds, as a JWT counts them: the row and the token then end at the same moment.
    const nowS = Math.floor(this.clock() / 1_000);
    const id = `cred_${uuidv7()}`;
    const decided: StoredCredential = {
      ...order,
      id,
      ...(order.kind === 'refresh' && order.familyId === undefined ? { familyId: id } : {}),
      createdAt: new Date(nowS * 1_000),
      expiresAt: new Date((nowS + ttlSeconds) * 1_000),
    };
    if (order.kind !== 'access') {
      const token = order.kind === 'client_key' ? newClientKey() : (refreshToken ?? newRefreshToken());
      const role = await this.credentials.add(decided, hashOf(token));
      return { token, credential: { ...decided, role } };
    }
    const credential = { ...decided, role: await this.credentials.add(decided) };
    return { token: this.#sign(credential), credential };
  }

  #sign(credential: StoredCredential): string {
    const { id, walletId, role, permissions, toolset, audience, createdAt, expiresAt } = credential;
    return this.keys.sign('at+jwt', {
      iss: this.lab.publicUrl,
      aud: audienceOf(this.lab, audience),
      sub: walletId,
      jti: id,
      iat: createdAt.getTime() / 1_000,
      exp: expiresAt.getTime() / 1_000,
      role,
      permissions,
      ...(toolset ? { toolset } : {}),
    });
  }
}
