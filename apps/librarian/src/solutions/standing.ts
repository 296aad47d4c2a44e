// What people say of solutions: votes of those whom they helped, and the lab's own word. Nobody speaks for their own.
import { AppError, type librarian, type Principal, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { idOf } from './solution.js';
import { type Standing as Found, StandingRepository } from './standing.repository.js';

type Tools = typeof librarian.tools;

@Injectable()
export class Standing {
  constructor(@Inject(StandingRepository) private readonly repository: StandingRepository) {}

  /** @throws AppError not_found, forbidden for one's own */
  async vote(
    { file, vote }: ToolInput<Tools['vote_solution']>,
    { walletId }: Pick<Principal, 'walletId'>,
  ): Promise<ToolOutput<Tools['vote_solution']>> {
    const { id } = await this.#anothers(file, walletId, 'vote for');
    const up = vote === 'up';
    return { file, votes: await this.repository.vote(id, walletId, up), voted: up };
  }

  /** Once, whoever is first. @throws AppError not_found, forbidden for one's own */
  async accept(
    { file }: ToolInput<Tools['accept_solution']>,
    { walletId }: Pick<Principal, 'walletId'>,
  ): Promise<ToolOutput<Tools['accept_solution']>> {
    const { id, authorWalletId } = await this.#anothers(file, walletId, 'accept');
    const { at, fresh } = await this.repository.accept(id, authorWalletId, walletId);
    return { file, acceptedAt: at.toISOString(), alreadyAccepted: !fresh };
  }

  async #anothers(file: string, walletId: string, what: string): Promise<Found & { id: string }> {
    const id = idOf(file) ?? '';
    const found = await this.repository.find(id);
    if (found === undefined)
      throw new AppError(
        'not_found',
        `Cannot ${what} "${file}": no solution has this file. librarian_list_solutions gives those that there are.`,
      );
    if (found.authorWalletId === walletId)
      throw new AppError('forbidden', `Cannot ${what} "${file}": it is your own. Somebody else has to.`);
    return { ...found, id };
  }
}
