// Phrases are those of tools that there are, and none says the same twice.
import { expect, it } from 'vitest';
import { AGENTS } from '../agents.js';
import { gatewayName, publicTools } from '../names.js';
import { toolPhrases } from './phrases.js';

const PHRASES = toolPhrases();

it('public tools of the agents have phrases, and nothing else has', () => {
  const names = new Set(publicTools(AGENTS).map(({ agent, tool }) => gatewayName(agent, tool)));
  expect(PHRASES.size).toBeGreaterThan(100);
  expect([...PHRASES.keys()].filter((name) => !names.has(name))).toEqual([]);
});

it.each([...PHRASES])('%s has some phrases, each once', (_, phrases) => {
  expect(phrases.length).toBeGreaterThanOrEqual(5);
  expect(new Set(phrases).size).toBe(phrases.length);
  expect(phrases.filter((phrase) => !/^[a-z0-9][^;:]*$/i.test(phrase))).toEqual([]);
});
