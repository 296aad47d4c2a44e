// The search for tools over all of the lab's contracts, as an operator asks it: for specs of what it finds.
import { AGENTS, type Principal, ROLE_PERMISSIONS } from '@labmesh/contracts';
import { builtIn } from '@labmesh/identity/policy.testing';
import { Catalogue } from './catalogue.js';
import { prefixed } from './listing.js';

const catalogue = new Catalogue(AGENTS, prefixed, { policies: builtIn, search: true });
const operator: Principal = {
  walletId: 'wal_01920000-0000-7000-8000-000000000001',
  role: 'operator',
  permissions: ROLE_PERMISSIONS.operator,
  credentialId: 'c',
};

/** Names of the tools that are found, best first. */
export function found(query: string, limit: number): string[] {
  const search = catalogue.find('search_tools')?.answer;
  if (search === undefined) throw new Error('there is no search');
  const { tools } = search({ query, limit }, { principal: operator, credential: '' }) as {
    tools: Array<{ name: string }>;
  };
  return tools.map(({ name }) => name);
}
