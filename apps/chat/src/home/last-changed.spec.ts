// What the home view shows of a list: what changed last, whenever it was made.
import { expect, it } from 'vitest';
import { lastChanged, SHOWN } from './last-changed.js';

it('has what changed last first, also what was made before all others', () => {
  const days = Array.from({ length: 9 }, (_, at) => String(18 - at).padStart(2, '0'));
  const made = days.map((day) => ({ name: day, updatedAt: `2026-01-${day}T00:00:00.000Z` }));
  const early = { name: 'early', updatedAt: '2026-01-20T00:00:00.000Z' };
  expect(lastChanged([...made, early]).map(({ name }) => name)).toEqual(['early', ...days.slice(0, SHOWN - 1)]);
});
