// find_tokens: which leaked keys are the lab's, by their hashes alone. Whoever asks learns of their own, and of no other's.
import type { Call, sentinel, ToolInput, ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { CredentialsRepository } from './credentials.repository.js';
import { stateOf } from './token-list.js';

type Find = (typeof sentinel.tools)['find_tokens'];

@Injectable()
export class FoundTokens {
  constructor(
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Another wallet's are left out, as what never existed is. */
  async find({ hashes, tokenIds }: ToolInput<Find>, { principal }: Pick<Call, 'principal'>): Promise<ToolOutput<Find>> {
    const any = principal.permissions.includes('token:create:any');
    const now = new Date(this.clock());
    const stored = await this.credentials.find({
      keyHashes: hashes.map((hash) => Buffer.from(hash, 'hex')),
      ids: tokenIds,
      ...(any ? {} : { walletId: principal.walletId }),
    });
    return {
      tokens: stored.map(({ id, kind, walletId, label, keyHash, expiresAt, lastUsedAt, ...ends }) => ({
        tokenId: id,
        ...(keyHash === undefined ? {} : { hash: Buffer.from(keyHash).toString('hex') }),
        kind,
        state: stateOf({ ...ends, expiresAt }, now),
        current: id === principal.credentialId,
        walletId,
        ...(label === undefined ? {} : { label }),
        expiresAt: expiresAt.toISOString(),
        ...(lastUsedAt === undefined ? {} : { lastUsedAt: lastUsedAt.toISOString() }),
      })),
    };
  }
}
