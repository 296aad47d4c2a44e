// Reward rules as they are in force, and what they and a wallet's stakes would pay it. Reads only.
import {
  type chancellor,
  microToAmount,
  type Principal,
  REWARDED_EVENTS,
  type RewardedEvent,
  type ToolInput,
  type ToolOutput,
  UNREWARDED,
  type Unrewarded,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { RATE, rateOf } from '../governance/parameters/earning-rate.js';
import { Parameters } from '../governance/parameters/parameters.js';
import { refuseOthersWallet, walletNotFound } from '../wallets/ownership.js';
import { EpochsRepository } from './epochs.repository.js';
import type { RewardRow } from './reward-rows.js';
import { RewardsRepository } from './rewards.repository.js';
import { timesRate } from './shares.js';

type Tools = typeof chancellor.tools;
type Preview = ToolOutput<Tools['preview_rewards']>;

const EVENTS = Object.keys(REWARDED_EVENTS) as RewardedEvent[];

@Injectable()
export class RewardRules {
  constructor(
    @Inject(RewardsRepository) private readonly repository: RewardsRepository,
    @Inject(EpochsRepository) private readonly epochs: EpochsRepository,
    @Inject(Parameters) private readonly parameters: Pick<Parameters, 'current'>,
  ) {}

  async list(): Promise<ToolOutput<Tools['list_reward_rules']>> {
    const [{ version, values }, pool, totals] = await Promise.all([
      this.parameters.current(),
      this.repository.pool(),
      this.repository.totals(),
    ]);
    return {
      version,
      rules: EVENTS.map((event) => ({
        event,
        amount: microToAmount(values[`rewards.${event}`]),
        perDay: Number(values[`rewards.${event}.per_day`]),
        toldBy: REWARDED_EVENTS[event],
      })),
      rates: Object.entries(values)
        .filter(([name]) => name.startsWith(RATE))
        .map(([name, rate]) => ({ template: name.slice(RATE.length), rate: microToAmount(rate) })),
      epoch: {
        seconds: Number(values['rewards.epoch_length']),
        amount: microToAmount(values['rewards.epoch_yield']),
        staked: microToAmount(totals.stakedMicro),
      },
      pool: microToAmount(pool.balanceMicro),
      paid: microToAmount(totals.paidMicro),
      owed: microToAmount(pool.owedMicro),
      unrewarded: Object.entries(UNREWARDED).map(([reason, meaning]) => ({ reason: reason as Unrewarded, meaning })),
    };
  }

  /** Errors: `forbidden`, `not_found`. */
  async preview(input: ToolInput<Tools['preview_rewards']>, caller: Principal): Promise<Preview> {
    const { walletId = caller.walletId, limit, cursor } = input;
    refuseOthersWallet(walletId, caller);
    const template = await this.repository.templateOf(walletId);
    if (template === undefined) throw walletNotFound(walletId);
    const { values } = await this.parameters.current();
    const rate = rateOf(values, template);
    const { owedMicro, today } = await this.repository.standing(walletId);
    // One more than asked for tells whether older ones exist.
    const rewards = await this.repository.list(walletId, limit + 1, cursor);
    const last = rewards.slice(0, limit).at(-1);
    return {
      walletId,
      rate: microToAmount(rate),
      events: EVENTS.map((event) => ({
        event,
        amount: microToAmount(timesRate(values[`rewards.${event}`], rate)),
        leftToday: Math.max(0, Number(values[`rewards.${event}.per_day`]) - (today.get(event) ?? 0)),
      })),
      epoch: await this.#epochOf(walletId, values['rewards.epoch_yield']),
      pending: microToAmount(owedMicro),
      rewards: rewards.slice(0, limit).map(describe),
      ...(last === undefined || rewards.length <= limit ? {} : { nextCursor: last.number.toString() }),
    };
  }

  async #epochOf(walletId: string, yieldMicro: bigint): Promise<Preview['epoch']> {
    const epoch = await this.epochs.open();
    if (epoch === undefined) return null;
    const { balanceMicro, owedMicro } = await this.repository.pool();
    const free = balanceMicro > owedMicro ? balanceMicro - owedMicro : 0n;
    const shares = await this.epochs.preview(epoch, free < yieldMicro ? free : yieldMicro);
    return {
      number: epoch.number,
      startedAt: epoch.startsAt.toISOString(),
      endsAt: epoch.endsAt.toISOString(),
      amount: microToAmount(shares.find((share) => share.walletId === walletId)?.amountMicro ?? 0n),
      total: microToAmount(shares.reduce((sum, { amountMicro }) => sum + amountMicro, 0n)),
    };
  }
}

const describe = (reward: RewardRow): Preview['rewards'][number] => ({
  for: reward.rule,
  source: reward.source,
  amount: microToAmount(reward.amountMicro),
  status: reward.status,
  reason: reward.reason as Unrewarded | null,
  at: reward.judgedAt.toISOString(),
  paidAt: reward.paidAt?.toISOString() ?? null,
  transactionId: reward.transactionId,
});
