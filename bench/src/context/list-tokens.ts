// What lists of tools cost a model's context: the tokens of each tool's name, description and input schema, written as clients
// hand them to a model. Counted by a tokenizer alone: the same everywhere, and without a running lab.
import { AGENTS, BUILT_IN_POLICY, gateway, type Principal, ROLE_PERMISSIONS, type Role } from '@labmesh/contracts';
import { Catalogue, type ListedTool, plain, prefixed, scopeWith, type ToolScope } from '@labmesh/endpoint';
import { CompiledPolicy } from '@labmesh/identity';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

export interface CountedTool {
  readonly name: string;
  readonly tokens: number;
}

const principalOf = (role: Role): Principal => ({
  walletId: 'wal_01920000-0000-7000-8000-000000000001',
  role,
  permissions: ROLE_PERMISSIONS[role],
  credentialId: 'cred_01920000-0000-7000-8000-000000000001',
});

const policies = { current: new CompiledPolicy(BUILT_IN_POLICY, 0) };
const atGateway = new Catalogue(AGENTS, prefixed, { policies, search: true });
const alone = new Map(AGENTS.map((agent) => [agent.name, new Catalogue([agent], plain, { policies })]));

const counted = ({ name, description, inputSchema }: ListedTool): CountedTool => ({
  name,
  tokens: countTokens(JSON.stringify({ name, description, input_schema: inputSchema })),
});

/** What the gateway lists to a wallet of this role under the built-in policy, on a connection of this scope. */
export const listedTo = (role: Role, scope?: ToolScope): CountedTool[] =>
  atGateway.listFor(principalOf(role), scope).map(counted);

/** What an agent's own endpoint lists to the operator. */
export const listedBy = (agent: string): CountedTool[] =>
  (alone.get(agent)?.listFor(principalOf('operator')) ?? []).map(counted);

/** Of those that the gateway lists to the operator who chooses nothing, the ones of this agent. */
export function everydayOf(agent: string): CountedTool[] {
  const own = Object.keys(gateway.tools);
  return listedTo('operator').filter(({ name }) =>
    agent === gateway.name ? own.includes(name) : name.startsWith(`${agent}_`),
  );
}

/** Every tool that anybody may use, by its name at the gateway. */
export const everyTool = (): CountedTool[] => listedTo('operator', scopeWith(['all']));

export const sum = (tools: readonly CountedTool[]): number => tools.reduce((total, { tokens }) => total + tokens, 0);
