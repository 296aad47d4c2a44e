// Refusals are all counted, and recorded in a bounded number; failed attempts are limited by address.

import { AppError, type CallRecord } from '@labmesh/contracts';
import { FailedAttempts, networkOf } from '@labmesh/runtime';
import { describe, expect, it } from 'vitest';
import { Refusals } from './refusals.js';

const error = new AppError('rate_limited', 'Too many', { details: { limit: 'rate', retryAfterMs: 5 } });

describe('Refusals', () => {
  it('record a flood once per caller and tool in a window, and count all of it', () => {
    const records: CallRecord[] = [];
    const counted: string[] = [];
    const warned: unknown[] = [];
    const clock = { ms: 0 };
    const refusals = new Refusals(
      {
        recorder: { record: (record) => void records.push(record) },
        metrics: { refused: (limit) => void counted.push(limit) },
        log: { warn: (fields: unknown) => void warned.push(fields) } as never,
      },
      () => clock.ms,
    );
    const refused = { walletId: 'w', credentialId: 'c', agent: 'demo', tool: 'read' };
    for (let i = 0; i < 1_000; i++) refusals.note(refused, error);
    refusals.note({ ...refused, tool: 'write' }, error);
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({ walletId: 'w', tool: 'read', decision: 'deny', outcome: 'rate_limited' });
    expect(counted).toHaveLength(1_001);
    clock.ms = 10_000;
    refusals.note(refused, error);
    expect(records).toHaveLength(3);
    expect(warned).toEqual([{ refusals: 999, recorded: 2 }]);
    for (let i = 0; i < 5_000; i++) refusals.note({ ...refused, walletId: `w${i}` }, error);
    expect(records.length).toBeLessThanOrEqual(3 + 200);
  });

  it('record a credential that is not good once per address, as nobody’s, and count no limit', () => {
    const records: CallRecord[] = [];
    const counted: string[] = [];
    const refusals = new Refusals({
      recorder: { record: (record) => void records.push(record) },
      metrics: { refused: (limit) => void counted.push(limit) },
      log: { warn: () => {} } as never,
    });
    const bad = new AppError('unauthenticated', 'No such key');
    for (let i = 0; i < 100; i++) refusals.unknown(bad, `10.0.0.${i % 2}`);
    expect(records.map(({ walletId, tool, decision, outcome }) => [walletId, tool, decision, outcome])).toEqual([
      [null, 'authenticate', 'deny', 'unauthenticated'],
      [null, 'authenticate', 'deny', 'unauthenticated'],
    ]);
    expect(counted).toEqual([]);
  });
});

describe('FailedAttempts', () => {
  it('give an address a budget that refills', () => {
    const clock = { ms: 0 };
    const attempts = new FailedAttempts(6, () => clock.ms);
    for (let i = 0; i < 6; i++) {
      expect(attempts.refusal('10.0.0.1')).toBeUndefined();
      attempts.failed('10.0.0.1');
    }
    expect(attempts.refusal('10.0.0.1')).toMatchObject({ details: { retryAfterMs: 9_990 } });
    expect(attempts.refusal('10.0.0.2')).toBeUndefined();
    clock.ms = 10_000;
    expect(attempts.refusal('10.0.0.1')).toBeUndefined();
  });

  it('count what fails to say who asks, and then run nothing more', async () => {
    const attempts = new FailedAttempts(3, () => 0);
    let runs = 0;
    const failing = (code: 'unauthenticated' | 'unavailable', address = '10.0.0.1') =>
      attempts.attempt(address, () => {
        runs += 1;
        return Promise.reject(new AppError(code, 'no'));
      });
    expect(await attempts.attempt('10.0.0.1', async () => 'in')).toBe('in');
    for (let i = 0; i < 6; i++) await expect(failing('unavailable')).rejects.toMatchObject({ code: 'unavailable' });
    for (let i = 0; i < 3; i++)
      await expect(failing('unauthenticated')).rejects.toMatchObject({ code: 'unauthenticated' });
    runs = 0;
    await expect(failing('unauthenticated')).rejects.toMatchObject({ code: 'rate_limited' });
    expect(runs).toBe(0);
    await expect(failing('unauthenticated', '10.0.0.2')).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('take %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
