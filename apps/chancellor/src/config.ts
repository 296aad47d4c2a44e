// The Chancellor's settings, read from the environment once and frozen. No other file here reads the environment.
import { AMOUNT_MAX_MICRO, Amount, AppError, amountToMicro } from '@labmesh/contracts';
import { setting } from '@labmesh/runtime/config';
import { z } from 'zod';

export const CHANCELLOR_CONFIG = Symbol('CHANCELLOR_CONFIG');

export interface ChancellorConfig {
  /** What the operator's wallet gets once, at the lab's first start: integer micro-$webxos, more than zero. */
  readonly genesisAmountMicro: bigint;
  /** What the reward pool gets once: integer micro-$webxos; zero issues nothing. */
  readonly rewardPoolMicro: bigint;
}

const GenesisAmount = Amount.default('1000000')
  .transform(amountToMicro)
  .refine((micro) => micro > 0n && micro <= AMOUNT_MAX_MICRO, 'must be more than 0 and at most 9223372036854.775807');

const RewardPool = Amount.default('1000000').transform(amountToMicro);

export const CHANCELLOR_SETTINGS = z.object({
  LABMESH_GENESIS_AMOUNT: setting(GenesisAmount, {
    without: '`1000000`',
    description: '$webxos issued to the operator’s wallet at first start.',
  }),
  LABMESH_REWARD_POOL: setting(RewardPool, {
    without: '`1000000`',
    description: '$webxos issued to the reward pool, once in a lab’s life. 0 issues none: `fund_rewards` fills it.',
  }),
});

/** Throws `invalid_input` that names the setting when a value cannot be used. */
export function readChancellorConfig(env: NodeJS.ProcessEnv = process.env): ChancellorConfig {
  const parsed = CHANCELLOR_SETTINGS.safeParse(env);
  if (!parsed.success) {
    throw new AppError('invalid_input', `Cannot start the Chancellor: ${z.prettifyError(parsed.error)}`);
  }
  return Object.freeze({
    genesisAmountMicro: parsed.data.LABMESH_GENESIS_AMOUNT,
    rewardPoolMicro: parsed.data.LABMESH_REWARD_POOL,
  });
}
