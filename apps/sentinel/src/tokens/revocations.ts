// Credentials that are good no more: withdrawn in the database, then told to every process until each surely heard.

import { REVOKED_SUBJECT } from '@labmesh/bus';
import { AppError, type Call, type sentinel, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { RepeatedBroadcast } from '../repeated-broadcast.js';
import { CredentialsRepository } from './credentials.repository.js';
import { RevocationsRepository } from './revocations.repository.js';
import { WithdrawnTokens } from './withdrawn-tokens.js';

type Revoke = (typeof sentinel.tools)['revoke_token'];
type Asked = Omit<ToolInput<Revoke>, 'dryRun'> & { readonly dryRun?: boolean };

@Injectable()
export class Revocations {
  constructor(
    @Inject(RevocationsRepository) private readonly revocations: RevocationsRepository,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(RepeatedBroadcast) private readonly broadcast: Pick<RepeatedBroadcast, 'tell'>,
    @Inject(WithdrawnTokens) private readonly withdrawn: Pick<WithdrawnTokens, 'add'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** revoke_token. @throws AppError not_found for a token that does not exist or is not the caller's */
  async revoke(
    { tokenId, walletId, dryRun = false }: Asked,
    { principal }: Pick<Call, 'principal'>,
  ): Promise<ToolOutput<Revoke>> {
    const any = principal.permissions.includes('token:create:any');
    const stored = tokenId === undefined ? undefined : await this.credentials.byId(tokenId);
    const owner = walletId ?? stored?.walletId;
    if (owner === undefined || (owner !== principal.walletId && !any)) {
      throw new AppError(
        'not_found',
        `Cannot withdraw ${tokenId ?? `the tokens of ${walletId}`}: not yours, or not there. list_tokens shows yours.`,
      );
    }
    const family = stored?.kind === 'refresh' ? stored.familyId : undefined;
    const which =
      stored === undefined ? { walletId: owner } : family === undefined ? { id: stored.id } : { familyId: family };
    if (dryRun) return { tokenIds: await this.revocations.good(which, new Date(this.clock())) };
    return { tokenIds: await this.#withdraw(which) };
  }

  /** All that came from one sign-in, when a copy of its refresh token turned up. */
  async revokeFamily(familyId: string): Promise<void> {
    await this.#withdraw({ familyId });
  }

  /** Tells every process, again and again for five seconds. */
  announce(tokenIds: readonly string[]): void {
    this.broadcast.tell(REVOKED_SUBJECT, { tokenIds });
  }

  async #withdraw(which: Parameters<RevocationsRepository['withdraw']>[0]): Promise<string[]> {
    const ids = await this.revocations.withdraw(which, new Date(this.clock()));
    this.withdrawn.add(ids);
    return ids;
  }
}
