// Which names somebody may have meant.
import { AGENTS, gatewayName, publicTools } from '@labmesh/contracts';
import { expect, it } from 'vitest';
import { closeNames } from './close-names.js';

const tools = publicTools(AGENTS).map(({ agent, tool }) => gatewayName(agent, tool));

it.each([
  ['fetch_dataset', 'curator_fetch_dataset'],
  ['curator_fetch_datset', 'curator_fetch_dataset'],
  ['curator-fetch-dataset', 'curator_fetch_dataset'],
  ['sentinel.list_token', 'sentinel_list_tokens'],
  ['get_balnce', 'chancellor_get_balance'],
])('%s is %s', (given, meant) => {
  expect(closeNames(given, tools)[0]).toBe(meant);
});

it.each(['', 'xyz', 'fly_to_the_moon', 'a'.repeat(5_000)])('%s is none', (given) => {
  expect(closeNames(given, tools)).toEqual([]);
});
