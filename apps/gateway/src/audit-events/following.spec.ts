// What a request for audit events may ask for, and what it is told when it asks for something else.
import { describe, expect, it } from 'vitest';
import { followingOf } from './following.js';

const asked = (url: string, headers: Record<string, string> = {}) => followingOf({ url, headers });
const WALLET = 'wal_01920000-0000-7000-8000-000000000001';

describe('followingOf', () => {
  it('takes every filter, and none', () => {
    expect(asked('/audit/events')).toEqual({});
    expect(
      asked(
        `/audit/events?walletId=${WALLET}&agent=curator&tool=fetch_dataset&decision=deny&outcome=forbidden&severity=warning`,
      ),
    ).toEqual({
      walletId: WALLET,
      agent: 'curator',
      tool: 'fetch_dataset',
      decision: 'deny',
      outcome: 'forbidden',
      severity: 'warning',
    });
    expect(asked('/audit/events?agent=&after=12')).toEqual({ after: '12' });
  });

  it('goes on after the last event a client had, whatever its address says', () => {
    expect(asked('/audit/events?after=12', { 'last-event-id': '40' })).toEqual({ after: '40' });
    expect(asked('/audit/events?after=12', { 'last-event-id': '' })).toEqual({ after: '12' });
  });

  it('refuses what it does not know, and says what there is', () => {
    for (const query of [
      'wallet=x',
      'walletId=x',
      'severity=bad',
      'decision=maybe',
      'after=-1',
      'after=1&after=2',
      'after=1e3',
    ])
      expect(() => asked(`/audit/events?${query}`), query).toThrow(
        /Cannot follow .*The parameters are .*severity, after/,
      );
    expect(() => asked('/audit/events', { 'last-event-id': 'x' })).toThrow(/cursor/);
  });
});
