// Which views of Money a caller has: those whose tools the lab lists.
import { expect, it } from 'vitest';
import { TOOLS, viewsFor } from './views.js';

const listed = (...parts: readonly (keyof typeof TOOLS)[]) => parts.map((part) => ({ name: TOOLS[part] }));
const names = (...parts: readonly (keyof typeof TOOLS)[]) => viewsFor(listed(...parts)).map(({ view }) => view);

it('shows a view to whoever has its tool', () => {
  expect(names()).toEqual([]);
  expect(names('pay')).toEqual([]);
  expect(names('balance', 'pay')).toEqual(['wallet']);
  expect(names('verify', 'proposals', 'stakes', 'balance')).toEqual(['wallet', 'staking', 'proposals', 'books']);
});
