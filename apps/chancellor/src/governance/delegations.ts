// Who votes for whom: a wallet's whole power to one other, until it takes it back. It is not passed on.
import { AppError, type chancellor, microToAmount, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { VotesRepository } from './proposals/votes.repository.js';

@Injectable()
export class Delegations {
  constructor(@Inject(VotesRepository) private readonly votes: VotesRepository) {}

  /** Without `to` the wallet votes for itself again. Errors: `invalid_input` to itself, `not_found`. */
  async set(
    walletId: string,
    to: string | undefined,
  ): Promise<ToolOutput<(typeof chancellor.tools)['delegate_votes']>> {
    if (to === walletId) {
      throw new AppError(
        'invalid_input',
        'Cannot delegate to yourself: leave to out, and you vote with your own power.',
      );
    }
    const { since, powerMicro } = await this.votes.delegate(walletId, to ?? null);
    return { delegate: to ?? null, since: since.toISOString(), power: microToAmount(powerMicro) };
  }
}
