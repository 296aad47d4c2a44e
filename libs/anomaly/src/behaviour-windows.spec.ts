// The windows of behaviour: what counts, what fades, and that memory stays bounded.
import { describe, expect, it } from 'vitest';
import { BEHAVIOUR_FEATURES, BehaviourWindows, type ObservedCall } from './behaviour-windows.js';

const NOON = Date.UTC(2026, 2, 2, 12);
const call = (over: Partial<ObservedCall> = {}): ObservedCall => ({
  walletId: 'wal_a',
  credentialId: 'cred_a',
  at: NOON,
  agent: 'curator',
  tool: 'fetch_dataset',
  decision: 'allow',
  outcome: 'ok',
  inputHash: 'h0',
  ...over,
});
const feature = (found: readonly number[], name: string): number => {
  const at = BEHAVIOUR_FEATURES.indexOf(name);
  expect(at, name).toBeGreaterThanOrEqual(0);
  return found[at] ?? Number.NaN;
};

describe('BehaviourWindows', () => {
  it('names each feature once', () => {
    expect(new Set(BEHAVIOUR_FEATURES).size).toBe(BEHAVIOUR_FEATURES.length);
    expect(new BehaviourWindows().observe(call())).toHaveLength(BEHAVIOUR_FEATURES.length);
  });

  it('counts calls and lets them fade', () => {
    const windows = new BehaviourWindows();
    for (let at = 0; at < 3; at++) windows.observe(call());
    const now = windows.observe(call());
    expect(feature(now, 'calls in 10 s')).toBeCloseTo(2);
    const later = windows.observe(call({ at: NOON + 60_000 }));
    expect(feature(later, 'calls in 10 s')).toBeCloseTo(1, 1);
    expect(feature(later, 'calls in 1 h')).toBeGreaterThan(2.2);
  });

  it('counts each id that is not there once, and no retry', () => {
    const windows = new BehaviourWindows();
    const guess = (inputHash: string) => windows.observe(call({ outcome: 'not_found', inputHash }));
    for (let at = 0; at < 5; at++) guess('same');
    expect(feature(guess('same'), 'different ids that are not there or not theirs in 5 min')).toBeCloseTo(1);
    for (let at = 0; at < 8; at++) guess(`other ${at}`);
    expect(feature(guess('same'), 'different ids that are not there or not theirs in 5 min')).toBeCloseTo(3);
  });

  it('does not blame the caller for what the lab did', () => {
    const windows = new BehaviourWindows();
    windows.observe(call({ outcome: 'unavailable' }));
    expect(feature(windows.observe(call({ outcome: 'internal' })), 'failed calls in 1 h')).toBe(0);
    expect(feature(windows.observe(call({ outcome: 'forbidden', decision: 'deny' })), 'failed calls in 1 h')).toBe(1);
  });

  it('knows a principal’s hours after some days, and keeps principals apart', () => {
    const windows = new BehaviourWindows();
    let at = NOON;
    for (let day = 0; day < 10; day++)
      for (let hour = 0; hour < 5; hour++) {
        at = NOON + day * 86_400_000 + hour * 3_600_000;
        expect(feature(windows.observe(call({ at })), 'calls at unusual hours in 1 h')).toBe(0);
      }
    const night = at + 12 * 3_600_000;
    expect(feature(windows.observe(call({ at: night })), 'calls at unusual hours in 1 h')).toBeGreaterThan(1);
    expect(feature(windows.observe(call({ at: night, walletId: 'wal_b' })), 'calls at unusual hours in 1 h')).toBe(0);
  });

  it('forgets the principal that was idle longest', () => {
    const windows = new BehaviourWindows(2);
    for (const walletId of ['wal_a', 'wal_b', 'wal_a', 'wal_c']) windows.observe(call({ walletId }));
    expect(windows.size).toBe(2);
    expect(feature(windows.observe(call({ walletId: 'wal_a' })), 'calls in 1 h')).toBeCloseTo(Math.sqrt(3));
    expect(feature(windows.observe(call({ walletId: 'wal_b' })), 'calls in 1 h')).toBe(1);
  });

  it('takes a call that comes late without going back in time', () => {
    const windows = new BehaviourWindows();
    windows.observe(call({ at: NOON + 5_000 }));
    const found = windows.observe(call({ at: NOON }));
    expect(found.every(Number.isFinite)).toBe(true);
    expect(feature(found, 'calls in 10 s')).toBeCloseTo(Math.SQRT2);
  });
});
