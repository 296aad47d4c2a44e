// What a stake would earn, as the lab shares an epoch's yield.
import { expect, it } from 'vitest';
import { wouldEarn } from './stake.js';

const UNIT = 1_000_000n;
const epochOf = (amount: string, staked: string) => ({ epoch: { seconds: 60, amount, staked } });

it.each([
  ['all of it where nothing else is staked', '10', '0', 5n * UNIT, 10n * UNIT],
  ['its part beside others, rounded down', '10', '20', 10n * UNIT, 3_333_333n],
  ['nothing for nothing', '10', '0', 0n, 0n],
  ['exactly, however large the numbers', '9223372036854.775807', '9223372036853.775807', UNIT, UNIT],
])('is %s', (_, amount, staked, micro, earns) => {
  expect(wouldEarn(epochOf(amount, staked), micro)).toBe(earns);
});
