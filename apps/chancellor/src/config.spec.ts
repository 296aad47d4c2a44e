// The setting of the genesis amount: default, use and refusals.
import { describe, expect, it } from 'vitest';
import { readChancellorConfig } from './config.js';

describe('readChancellorConfig', () => {
  it('issues one million unless told otherwise', () => {
    expect(readChancellorConfig({}).genesisAmountMicro).toBe(1_000_000_000_000n);
    expect(readChancellorConfig({ LABMESH_GENESIS_AMOUNT: '' }).genesisAmountMicro).toBe(1_000_000_000_000n);
    expect(readChancellorConfig({ LABMESH_GENESIS_AMOUNT: '2.5' }).genesisAmountMicro).toBe(2_500_000n);
  });

  it.each(['0', '-1', '1e6', 'much', '0.0000001', '9223372036854.775808'])(
    'refuses %s and names the setting',
    (value) => {
      expect(() => readChancellorConfig({ LABMESH_GENESIS_AMOUNT: value })).toThrow('LABMESH_GENESIS_AMOUNT');
    },
  );

  it('fills the reward pool with one million unless told otherwise, or with nothing', () => {
    expect(readChancellorConfig({}).rewardPoolMicro).toBe(1_000_000_000_000n);
    expect(readChancellorConfig({ LABMESH_REWARD_POOL: '0' }).rewardPoolMicro).toBe(0n);
    expect(() => readChancellorConfig({ LABMESH_REWARD_POOL: '-1' })).toThrow('LABMESH_REWARD_POOL');
  });

  it('gives what nobody can change', () => {
    expect(Object.isFrozen(readChancellorConfig({}))).toBe(true);
  });
});
