// One key for one intent: the same, with the same input, until the lab has answered; a new one for what is meant next.
import { expect, it } from 'vitest';
import { type Intent, intentFor, isRefusal, openAmount } from './intent.js';

const meant: Omit<Intent, 'key'> = {
  tool: 'chancellor_execute_transaction',
  input: { to: 'wal_1', amount: '1' },
  walletId: 'wal_0',
};

it('keeps key and input until it is answered', () => {
  const first = intentFor(undefined, meant);
  expect(first.key).toMatch(/^page-[0-9a-f-]{36}$/);
  expect(intentFor(first, { ...meant, input: { to: 'wal_1', amount: '2' } })).toBe(first);
  expect(openAmount(first)).toBe('1');
});

it('makes a new key for each that is meant', () => {
  const keys = Array.from({ length: 20 }, () => intentFor(undefined, meant).key);
  expect(new Set(keys).size).toBe(20);
  expect(openAmount(undefined)).toBeUndefined();
});

it('holds an answer for final only when the lab gave one', () => {
  for (const code of ['insufficient_funds', 'conflict', 'not_found']) expect(isRefusal(code)).toBe(true);
  for (const code of ['unreachable', 'deadline_exceeded', 'internal', 'unavailable', 'http_502', 'rate_limited'])
    expect(isRefusal(code)).toBe(false);
});
