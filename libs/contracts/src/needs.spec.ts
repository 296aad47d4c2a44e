// What agents say they need of each other, and hear from each other, is there.
import { expect, it } from 'vitest';
import { AGENTS } from './agents.js';
import { eventsHeard } from './mesh-events.js';
import { operationsOf } from './operations.js';

const offers = (agent: (typeof AGENTS)[number]): string[] => [
  ...Object.keys(agent.tools),
  ...operationsOf(agent).map(({ tool }) => tool),
];

it('names agents and tools that exist', () => {
  const unknown = AGENTS.flatMap(({ name, needs }) =>
    Object.entries(needs).flatMap(([agent, tools]) => {
      const other = AGENTS.find((contract) => contract.name === agent);
      return tools
        .filter((tool) => other === undefined || !offers(other).includes(tool))
        .map((tool) => `${name} ${agent}.${tool}`);
    }),
  );
  expect(unknown).toEqual([]);
  expect(AGENTS.find(({ name }) => name === 'sentinel')?.needs).toEqual({ chancellor: ['get_wallet'] });
});

it('finds the events that agents hear', () => {
  for (const contract of AGENTS) {
    const names = Object.values(contract.hears).flat();
    expect(eventsHeard(contract, AGENTS).map(({ name }) => name)).toEqual(names);
  }
  const deaf = { ...AGENTS[0], hears: { chancellor: ['never_happened'] } } as (typeof AGENTS)[number];
  expect(() => eventsHeard(deaf, AGENTS)).toThrow('chancellor.never_happened');
});
