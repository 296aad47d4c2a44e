// Phrases are those of tools that there are, every public one has some, and none says the same twice.
import { expect, it } from 'vitest';
import { AGENTS } from '../agents.js';
import { gatewayName, publicTools } from '../names.js';
import { PHRASES } from './phrases.js';

it('every public tool of an agent has phrases, and nothing else has', () => {
  const names = publicTools(AGENTS).map(({ agent, tool }) => gatewayName(agent, tool));
  expect([...PHRASES.keys()].toSorted()).toEqual(names.toSorted());
});

it.each([...PHRASES])('%s has some phrases, each once', (_, phrases) => {
  expect(phrases.length).toBeGreaterThanOrEqual(5);
  expect(new Set(phrases).size).toBe(phrases.length);
  expect(phrases.filter((phrase) => !/^[a-z0-9][^;:]*$/i.test(phrase))).toEqual([]);
});
