// Stakes: what an owner may put in and ask back, and when. Where the money is, the ledger knows.
import {
  AppError,
  amountToMicro,
  type chancellor,
  microToAmount,
  type Principal,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { Parameters } from '../governance/parameters/parameters.js';
import { stakedOf } from '../ledger/accounts.js';
import { refusal } from '../ledger/outcomes.js';
import { refuseUnstorable } from '../text.js';
import { refuseOthersWallet, walletNotFound } from '../wallets/ownership.js';
import type { UnstakingRow } from './stake-rows.js';
import { type Asked, StakesRepository } from './stakes.repository.js';

type Tools = typeof chancellor.tools;
type Caller = Pick<Principal, 'walletId'>;

const AT_ONCE = 100;

@Injectable()
export class Stakes {
  constructor(
    @Inject(StakesRepository) private readonly repository: StakesRepository,
    @Inject(Parameters) private readonly parameters: Pick<Parameters, 'current'>,
  ) {}

  /** From the caller's wallet, once per key. Errors: as a payment's. */
  async stake(input: ToolInput<Tools['stake']>, { walletId }: Caller): Promise<ToolOutput<Tools['stake']>> {
    const { lockDays, idempotencyKey: key } = input;
    refuseUnstorable('idempotencyKey', key);
    const amountMicro = amountToMicro(input.amount);
    const { answer, stake, stakedMicro } = await this.repository.stake({ walletId, amountMicro, lockDays, key });
    if (answer.outcome !== 'posted') {
      const asked = { what: `stake ${microToAmount(amountMicro)}`, from: walletId, to: stakedOf(walletId), key };
      throw refusal(answer.outcome, asked, answer.balanceMicro);
    }
    if (stake === undefined) throw new Error(`stake ${answer.transactionId} has no row`);
    return {
      stakeId: stake.id,
      amount: microToAmount(stake.amountMicro),
      lockedUntil: stake.lockedUntil.toISOString(),
      staked: microToAmount(stakedMicro),
      at: answer.at.toISOString(),
      replayed: answer.replayed,
    };
  }

  /** Begins a cool-down, or ends it when it is over. Errors: `invalid_input`, `not_found`, `conflict`. */
  async unstake(input: ToolInput<Tools['unstake']>, { walletId }: Caller): Promise<ToolOutput<Tools['unstake']>> {
    const { stakeId, idempotencyKey: key } = input;
    refuseUnstorable('idempotencyKey', key);
    const amountMicro = input.amount === undefined ? undefined : amountToMicro(input.amount);
    if (amountMicro === 0n) throw refused(stakeId, 'invalid_input', 'the amount must be more than zero');
    const coolDownSeconds = (await this.parameters.current()).values['staking.cool_down'];
    const asked = await this.repository.ask({ walletId, stakeId, amountMicro, key, coolDownSeconds });
    if (!('unstaking' in asked)) throw explain(asked, stakeId, key);
    const { unstaking, stake, outcome } = asked;
    const brought = await this.repository.bringBack(unstaking.id);
    return {
      ...describe(brought ?? unstaking),
      stakeId,
      left: microToAmount(stake.amountMicro - stake.askedBackMicro),
      askedAt: unstaking.askedAt.toISOString(),
      replayed: outcome === 'replayed',
    };
  }

  /** Errors: `forbidden`, `not_found`. */
  async list(input: ToolInput<Tools['get_stakes']>, caller: Principal): Promise<ToolOutput<Tools['get_stakes']>> {
    const { walletId = caller.walletId, all, limit, cursor: before } = input;
    refuseOthersWallet(walletId, caller);
    // One more than asked for tells whether older ones exist.
    const found = await this.repository.list(walletId, { all, limit: limit + 1, before });
    if (found === undefined) throw walletNotFound(walletId);
    const shown = found.stakes.slice(0, limit);
    const last = shown.at(-1);
    return {
      walletId,
      staked: microToAmount(found.stakedMicro),
      stakes: shown.map((stake) => ({
        stakeId: stake.id,
        amount: microToAmount(stake.amountMicro),
        left: microToAmount(stake.amountMicro - stake.askedBackMicro),
        stakedAt: stake.stakedAt.toISOString(),
        lockedUntil: stake.lockedUntil.toISOString(),
        locked: stake.locked,
        unstakings: found.unstakings.filter(({ stakeId }) => stakeId === stake.id).map(describe),
      })),
      ...(last === undefined || found.stakes.length <= limit ? {} : { nextCursor: last.id }),
    };
  }

  /** Brings back what has cooled down; how many there were. */
  async bringBackDue(): Promise<number> {
    let brought = 0;
    for (const id of await this.repository.due(AT_ONCE))
      if ((await this.repository.bringBack(id)) !== undefined) brought += 1;
    return brought;
  }
}

const describe = (unstaking: UnstakingRow) => ({
  unstakingId: unstaking.id,
  amount: microToAmount(unstaking.amountMicro),
  dueAt: unstaking.dueAt.toISOString(),
  returned: unstaking.transactionId !== null,
});

function explain(asked: Exclude<Asked, { unstaking: unknown }>, stakeId: string, key: string): AppError {
  switch (asked.outcome) {
    case 'unknown_stake':
      return refused(stakeId, 'not_found', 'you have no such stake; get_stakes has yours');
    case 'key_reused':
      return refused(stakeId, 'conflict', `idempotencyKey "${key}" asked for something else before; take a new one`);
    case 'locked':
      return refused(stakeId, 'conflict', `it is locked until ${asked.stake.lockedUntil.toISOString()}`);
    case 'too_much': {
      const left = microToAmount(asked.stake.amountMicro - asked.stake.askedBackMicro);
      return refused(stakeId, 'conflict', `${left} of it is not asked back yet; ask for that or less`);
    }
  }
}

const refused = (stakeId: string, code: 'invalid_input' | 'not_found' | 'conflict', why: string): AppError =>
  new AppError(code, `Cannot unstake ${stakeId}: ${why}.`);
