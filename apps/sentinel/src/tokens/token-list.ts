// What a wallet has given out, as list_tokens tells it. Never a token.
import {
  AppError,
  type Call,
  FINGERPRINT_CHARS,
  type sentinel,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { Principals } from '../principals/principals.js';
import { CredentialsRepository, type StoredCredential } from './credentials.repository.js';

type List = (typeof sentinel.tools)['list_tokens'];
type Told = ToolOutput<List>['tokens'][number];

@Injectable()
export class TokenList {
  constructor(
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(Principals) private readonly principals: Pick<Principals, 'check'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** list_tokens. @throws AppError forbidden for another wallet's without the right to all; not_found for none */
  async list(input: ToolInput<List>, call: Call): Promise<ToolOutput<List>> {
    const { principal } = call;
    const walletId = input.walletId ?? principal.walletId;
    if (walletId !== principal.walletId && !principal.permissions.includes('token:create:any')) {
      throw new AppError(
        'forbidden',
        `Cannot list the tokens of ${walletId}: it is not your wallet, and token:create:any is the operator’s. Leave walletId out for your own.`,
      );
    }
    await this.principals.check(walletId, call);
    const now = new Date(this.clock());
    const stored = await this.credentials.list({
      walletId,
      goodAt: input.all ? undefined : now,
      before: input.cursor,
      limit: input.limit + 1,
    });
    const page = stored.slice(0, input.limit);
    const last = page.at(-1);
    return {
      tokens: page.map((credential) => told(credential, now, principal.credentialId)),
      ...(stored.length > page.length && last ? { nextCursor: last.id } : {}),
    };
  }
}

function told(credential: StoredCredential, now: Date, currentId: string): Told {
  const { id, kind, role, permissions, toolset, audience, label, keyHash, issuedBy, createdAt, expiresAt, lastUsedAt } =
    credential;
  return {
    tokenId: id,
    kind,
    state: stateOf(credential, now),
    current: id === currentId,
    role,
    permissions: [...permissions],
    ...(toolset === undefined ? {} : { toolset: [...toolset] }),
    ...(audience === undefined ? {} : { audience }),
    ...(keyHash === undefined ? {} : { fingerprint: Buffer.from(keyHash).toString('hex').slice(0, FINGERPRINT_CHARS) }),
    ...(label === undefined ? {} : { label }),
    issuedBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt: lastUsedAt.toISOString() }),
  };
}

export function stateOf(
  { revokedAt, exchangedAt, expiresAt }: Pick<StoredCredential, 'revokedAt' | 'exchangedAt' | 'expiresAt'>,
  now: Date,
): Told['state'] {
  if (revokedAt !== undefined) return 'revoked';
  if (exchangedAt !== undefined) return 'used';
  return expiresAt <= now ? 'expired' : 'good';
}
