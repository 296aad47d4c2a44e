// Every agent can be an audience, and nothing else.
import { expect, it } from 'vitest';
import { AGENTS } from './agents.js';
import { AUDIENCES } from './audience.js';

it('is the gateway and each agent', () => {
  expect([...AUDIENCES].sort()).toEqual(['gateway', ...AGENTS.map(({ name }) => name)].sort());
});
