// Parameters of staking. Bounds only: what a cool-down means is elsewhere.
import type { ParameterSpec } from './parameter-kind.js';

const DAY = 86_400n;

export const STAKING_PARAMETERS = {
  'staking.cool_down': {
    kind: 'seconds',
    initial: 3n * DAY,
    least: 0n,
    most: 30n * DAY,
    meaning: 'From asking a stake back until it is back.',
  },
} as const satisfies Readonly<Record<string, ParameterSpec>>;
