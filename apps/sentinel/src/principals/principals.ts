// The registry of wallets and their roles. Filled by the Chancellor's events; set_role alone changes a role.
import { AgentClients } from '@labmesh/agent';
import { AppError, type Call, chancellor, type Role, type sentinel, toAppError } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { PrincipalsRepository } from './principals.repository.js';

@Injectable()
export class Principals {
  constructor(
    @Inject(PrincipalsRepository) private readonly repository: PrincipalsRepository,
    @Inject(AgentClients) private readonly agents: AgentClients<typeof sentinel>,
  ) {}

  /** A wallet was created. The same event may come twice. */
  async learn(walletId: string, role: Role): Promise<void> {
    await this.repository.add(walletId, role);
  }

  /**
   * The role of a wallet; asks the Chancellor when the event about it has not arrived yet.
   * @throws AppError not_found when there is no such wallet.
   */
  async roleOf(walletId: string, call: Call): Promise<Role> {
    const known = await this.repository.roleOf(walletId);
    if (known) return known;
    const { role } = await this.#ask(walletId, call);
    await this.repository.add(walletId, role);
    return role;
  }

  /**
   * For filters: an empty answer about a wallet that is not there would say that it did nothing.
   * @throws AppError not_found. Who may not know whether there is such a wallet is not told.
   */
  async check(walletId: string | undefined, call: Call): Promise<void> {
    if (walletId === undefined || walletId === call.principal.walletId) return;
    try {
      await this.roleOf(walletId, call);
    } catch (error) {
      if (toAppError(error).code !== 'forbidden') throw error;
    }
  }

  async #ask(walletId: string, call: Call): Promise<{ role: Role }> {
    try {
      return await this.agents.of(chancellor, call).get_wallet({ walletId });
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code !== 'not_found') throw failure;
      throw new AppError(
        'not_found',
        `Cannot go on: there is no wallet ${walletId}. Open one with chancellor_create_boilerplate_wallet.`,
        {
          cause: error,
        },
      );
    }
  }
}
