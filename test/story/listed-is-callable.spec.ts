// Every role against every tool and toolset, through the real endpoints of a running lab: what is listed is callable, what may be
// called is what rights and toolsets say, and all else is refused; under the built-in policy and under another one.
import {
  AGENTS,
  gateway,
  gatewayName,
  type NamedTool,
  publicTools,
  ROLES,
  type Role,
  TOOLSET_NAMES,
  type ToolsetName,
  toolsetsAllow,
  toolsetsHold,
} from '@labmesh/contracts';
import { connectLab, type LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Person, personWith, restoreBuiltIn, setPolicy, untilOutcome } from '../harness/policy.js';
import { type RawTarget, rawCall, rawRequest } from '../harness/raw-calls.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

/** No tool takes it, and every tool looks at the caller's rights first: so nothing is ever done here. */
const UNTAKEABLE = { text: '\0' };

const lab = sharedLab();
let operator: LabClient;
const people = new Map<Role, Person>();
beforeAll(async () => {
  operator = await connectLab({ url: `${lab.url}/mcp`, token: lab.operatorToken() });
  for (const role of ROLES)
    people.set(
      role,
      role === 'operator'
        ? { walletId: '', token: lab.operatorToken(), refreshToken: '' }
        : await personWith(operator, role),
    );
});
afterAll(async () => {
  await restoreBuiltIn(operator);
  await operator?.[Symbol.asyncDispose]();
});

interface Endpoint {
  readonly url: string;
  /** All tools by their names there. */
  readonly tools: ReadonlyMap<string, NamedTool>;
  /** Some of what can be chosen there; undefined: nothing. */
  readonly choices: ReadonlyArray<readonly ToolsetName[] | undefined>;
}

const byName = (tools: readonly NamedTool[], nameOf: (tool: NamedTool) => string) =>
  new Map(tools.map((tool) => [nameOf(tool), tool]));

const gatewayEndpoint = (): Endpoint => ({
  url: lab.url,
  tools: new Map([
    ...byName(publicTools([gateway]), ({ tool }) => tool),
    ...byName(publicTools(AGENTS), ({ agent, tool }) => gatewayName(agent, tool)),
  ]),
  choices: [
    undefined,
    ...TOOLSET_NAMES.map((name) => [name]),
    ['data', 'jobs'],
    ['everyday', 'identity'],
    ['data', 'search'],
  ],
});

const endpoints = (): Endpoint[] => [
  gatewayEndpoint(),
  ...AGENTS.map((agent) => ({
    url: `${lab.url}/agents/${agent.name}`,
    tools: byName(publicTools([agent]), ({ tool }) => tool),
    choices: [undefined, ['everyday'], ['operations']] satisfies Endpoint['choices'],
  })),
];

const targetOf = ({ url }: Endpoint, token: string, chosen: readonly ToolsetName[] | undefined): RawTarget => ({
  url,
  token,
  ...(chosen === undefined ? {} : { query: `?toolsets=${chosen.join()}` }),
});

async function listed(target: RawTarget): Promise<string[]> {
  const { body } = await rawRequest(target, 'tools/list');
  return (body.result as { tools: Array<{ name: string }> }).tools.map(({ name }) => name).sort();
}

/** Those that answer anything but that the caller may not; and whoever may not is told which permission or toolset it takes. */
async function callable(target: RawTarget, tools: Endpoint['tools'], chosen: boolean): Promise<string[]> {
  const found: string[] = [];
  for (const [name, { spec }] of tools) {
    const { isError, body } = await rawCall(target, name, UNTAKEABLE);
    expect([isError, body.code], name).toEqual([true, expect.stringMatching(/^(forbidden|invalid_input)$/)]);
    if (body.code !== 'forbidden') found.push(name);
    else
      expect(String(body.message)).toMatch(
        new RegExp(`permission ${spec.permission}|rule "${chosen ? '|not in this connection’s toolsets' : ''}`),
      );
  }
  return found.sort();
}

/** What each role may call at the gateway. @param toolsets false looks at connections that choose none */
async function whole({ toolsets }: { toolsets: boolean }): Promise<Map<Role, string[]>> {
  const atGateway = new Map<Role, string[]>();
  for (const [role, { token }] of people)
    for (const endpoint of endpoints()) {
      const { tools } = endpoint;
      const rights = await callable(targetOf(endpoint, token, undefined), tools, false);
      for (const chosen of toolsets ? endpoint.choices : [undefined]) {
        const target = targetOf(endpoint, token, chosen);
        const where = `${role} at ${target.url} ${target.query ?? ''}`;
        const allowed = chosen === undefined ? rights : await callable(target, tools, true);
        const held = (name: string, holds: typeof toolsetsHold, sets = chosen) => {
          const tool = tools.get(name);
          return sets === undefined || (tool !== undefined && holds(sets, tool));
        };
        expect(allowed, where).toEqual(rights.filter((name) => held(name, toolsetsAllow)));
        // At the gateway, who chooses nothing chooses the everyday tools.
        const shown = chosen ?? (endpoint.url === lab.url ? (['everyday'] as const) : undefined);
        expect(await listed(target), where).toEqual(allowed.filter((name) => held(name, toolsetsHold, shown)));
      }
      if (endpoint.url === lab.url) atGateway.set(role, rights);
    }
  return atGateway;
}

/** A credential that names tools has these, and nothing else, all of them listed, everyday or not. */
async function namedToolsOnly(): Promise<void> {
  const toolset = ['chancellor_get_balance', 'sentinel_list_policies', 'search_tools', 'sentinel_rotate_keys'];
  const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', { toolset });
  const { tools } = gatewayEndpoint();
  const namesWith = async (query?: string) => {
    const target = { url: lab.url, token, ...(query === undefined ? {} : { query }) };
    const found: string[] = [];
    for (const name of tools.keys()) {
      const { body } = await rawCall(target, name, UNTAKEABLE);
      if (body.code !== 'forbidden') found.push(name);
      else expect(String(body.message)).toMatch(/toolset/);
    }
    expect(await listed(target)).toEqual(found.sort());
    return found;
  };
  for (const query of [undefined, '?toolsets=all', '?toolsets=search'])
    expect(await namesWith(query)).toEqual([...toolset].sort());
  expect(await namesWith('?toolsets=money,data')).toEqual(['chancellor_get_balance']);
}

/** What the rule about one wallet takes from it. */
const OF_WALLETS = new Set(
  publicTools(AGENTS).flatMap(({ agent, tool, spec }) =>
    spec.permission === 'wallet:read' ? [gatewayName(agent, tool)] : [],
  ),
);

async function everyRoleAndTool(): Promise<void> {
  const builtIn = await whole({ toolsets: true });
  expect(builtIn.get('operator')).toEqual([...gatewayEndpoint().tools.keys()].sort());
  await namedToolsOnly();
  const citizen = people.get('citizen');
  if (citizen === undefined) throw new Error('there is no citizen');
  const rules = [
    { id: 'no-keys', description: 'Keys stay', deny: { tools: ['sentinel_rotate_keys'] } },
    {
      id: 'quiet',
      description: 'Quiet',
      deny: { agents: ['librarian'] },
      except: { roles: ['operator', 'validator'] },
    },
    { id: 'ada', description: 'Not Ada', deny: { wallets: [citizen.walletId], permissions: ['wallet:read'] } },
    { id: 'over', description: 'Over', deny: { agents: ['curator'] }, until: '2020-01-01T00:00:00.000Z' },
  ];
  const { tools } = await setPolicy(operator, {
    roles: { developer: ['agent:read', 'audit:read', 'dataset:read'] },
    rules,
  });
  const refused = { url: `${lab.url}/agents/chancellor`, tool: 'get_balance' };
  await untilOutcome(refused, citizen, 'forbidden');
  const now = await whole({ toolsets: false });
  for (const role of ROLES) {
    const [before, after] = [builtIn.get(role) ?? [], now.get(role) ?? []];
    const told = tools.find((each) => each.role === role) ?? { gained: [], lost: [] };
    // What the token does not carry, it does not gain; and the citizen's wallet is named by a rule.
    expect(told.gained).toEqual(expect.arrayContaining(after.filter((name) => !before.includes(name))));
    const lost = before.filter((name) => !after.includes(name) && !OF_WALLETS.has(name));
    expect(lost).toEqual(told.lost.filter((name) => !OF_WALLETS.has(name)).sort());
  }
  expect(now.get('citizen')).not.toContain('chancellor_get_balance');
  expect(now.get('operator')).not.toContain('sentinel_rotate_keys');
  expect(now.get('validator')).toContain('librarian_log_new_solution');
}

verifies('policy:listed-is-callable', everyRoleAndTool);
