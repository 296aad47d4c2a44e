// Who sees which part of Data.
import { expect, it } from 'vitest';
import { hasData, partsFor, TOOLS, takes, viewsOf } from './views.js';

const named = (...names: string[]) => names.map((name) => ({ name }));

it('shows a part when the lab lists its tool, and nothing else', () => {
  expect(hasData(named('librarian_query_knowledge_base'))).toBe(false);
  const reader = named(TOOLS.list, TOOLS.fetch);
  expect(hasData(reader)).toBe(true);
  expect(viewsOf(partsFor(reader), true).map(({ view }) => view)).toEqual(['about', 'rows']);
  expect(partsFor(reader).has('submit')).toBe(false);
});

it('shows pictures where there are some, and knows what a tool takes', () => {
  const tools = [{ name: TOOLS.imagery, inputSchema: { properties: { image: {} } } }];
  const views = (pictures: boolean) => viewsOf(partsFor(tools), pictures).map(({ view }) => view);
  expect([views(true), views(false)]).toEqual([['pictures'], []]);
  expect([takes(tools, 'imagery', 'image'), takes(tools, 'imagery', 'toString'), takes(tools, 'list', 'facets')]).toEqual([
    true,
    false,
    false,
  ]);
});
