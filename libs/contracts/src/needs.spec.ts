// What agents say they need of each other is there.
import { expect, it } from 'vitest';
import { AGENTS } from './agents.js';

it('names agents and tools that exist', () => {
  const unknown = AGENTS.flatMap(({ name, needs }) =>
    Object.entries(needs).flatMap(([agent, tools]) => {
      const other = AGENTS.find((contract) => contract.name === agent);
      return tools
        .filter((tool) => other === undefined || !Object.hasOwn(other.tools, tool))
        .map((tool) => `${name} ${agent}.${tool}`);
    }),
  );
  expect(unknown).toEqual([]);
  expect(AGENTS.find(({ name }) => name === 'sentinel')?.needs).toEqual({ chancellor: ['get_wallet'] });
});
