// A history's filters: read from an address, asked of the lab; and whom money came from, in words.
import { expect, it } from 'vitest';
import { askedOf, filterIn, isNarrowed, partyText, wantedBy } from './entry.js';

const own = 'wal_0199f2a0-0000-7000-8000-000000000001';
const other = 'wal_0199f2a0-0000-7000-8000-000000000002';

it('reads a filter from the address, and writes it there again', () => {
  const asked = { kind: 'payment', counterparty: other, from: '2026-11-01', to: '2026-11-30', account: 'held' };
  const filter = filterIn(new URLSearchParams(asked));
  expect(askedOf(filter)).toEqual(asked);
  expect(isNarrowed(filter)).toBe(true);
  const empty = filterIn(new URLSearchParams({ from: '2026-99-99', to: 'soon', account: 'vault' }));
  expect(isNarrowed(empty)).toBe(false);
  expect(wantedBy(empty)).toEqual({});
});

it('asks for whole days of this place, and for no account that is half typed', () => {
  const filter = filterIn(new URLSearchParams({ from: '2026-11-01', to: '2026-11-01', counterparty: 'wal_01' }));
  expect(wantedBy(filter)).toEqual({
    from: new Date(2026, 10, 1).toISOString(),
    to: new Date(2026, 10, 2).toISOString(),
  });
});

it('says whom money came from', () => {
  expect(partyText(other, own)).toBe('wal_…000002');
  expect(partyText(`${own}.held`, own)).toBe('own holds');
  expect(partyText(`${other}.staked`, own)).toBe('stake of wal_…000002');
  expect(partyText('rewards', own)).toBe('the reward pool');
});
