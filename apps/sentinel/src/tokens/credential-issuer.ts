// Makes access tokens and client keys. The token is in the answer and nowhere else.
import { LAB_CONFIG, type LabConfig } from '@labmesh/agent';
import {
  AppError,
  type Call,
  type Permission,
  type Role,
  type sentinel,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CLOCK, type Clock } from '../clock.js';
import { SigningKeys } from '../keys/signing-keys.js';
import { Principals } from '../principals/principals.js';
import { hashOf, newClientKey } from './client-key.js';
import { CredentialsRepository, type StoredCredential } from './credentials.repository.js';
import { type CredentialKind, weigh } from './grant.js';

type Request = ToolInput<(typeof sentinel.tools)['generate_wallet_token']>;
type Answer = ToolOutput<(typeof sentinel.tools)['generate_wallet_token']>;

/** A decision already taken: who gets what, and for how long. */
export interface Order {
  readonly kind: CredentialKind;
  readonly walletId: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
  readonly toolset?: readonly string[] | undefined;
  readonly label?: string | undefined;
  /** Wallet that asked. */
  readonly issuedBy: string;
  readonly ttlSeconds: number;
}

export interface Issued {
  readonly token: string;
  readonly credential: StoredCredential;
}

/** Where access tokens are good: the gateway's MCP endpoint, and nothing else. */
export const audienceOf = (lab: Pick<LabConfig, 'publicUrl'>): string => `${lab.publicUrl}/mcp`;

@Injectable()
export class CredentialIssuer {
  constructor(
    @Inject(SigningKeys) private readonly keys: SigningKeys,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(Principals) private readonly principals: Principals,
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
    const grant = weigh(request, caller, role);
    const { token, credential } = await this.issue({
      ...grant,
      kind: request.kind,
      walletId,
      role,
      label: request.label,
      issuedBy: caller.walletId,
    });
    return {
      token,
      kind: request.kind,
      tokenId: credential.id,
      walletId,
      role,
      permissions: grant.permissions,
      ...(grant.toolset ? { toolset: grant.toolset } : {}),
      expiresAt: credential.expiresAt.toISOString(),
    };
  }

  /** Makes what was decided. For the Sentinel's own use: no rule is checked here. */
  async issue({ ttlSeconds, ...order }: Order): Promise<Issued> {
    // Whole seconds, as a JWT counts them: the row and the token then end at the same moment.
    const nowS = Math.floor(this.clock() / 1_000);
    const credential: StoredCredential = {
      ...order,
      id: `cred_${uuidv7()}`,
      createdAt: new Date(nowS * 1_000),
      expiresAt: new Date((nowS + ttlSeconds) * 1_000),
    };
    if (order.kind === 'client_key') {
      const token = newClientKey();
      await this.credentials.add(credential, hashOf(token));
      return { token, credential };
    }
    await this.credentials.add(credential);
    return { token: this.#sign(credential), credential };
  }

  #sign(credential: StoredCredential): string {
    const { id, walletId, role, permissions, toolset, createdAt, expiresAt } = credential;
    return this.keys.sign('at+jwt', {
      iss: this.lab.publicUrl,
      aud: audienceOf(this.lab),
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
