// Every role against every tool, through the real endpoints of a running lab: what is listed is callable, what is not is refused,
// under the built-in policy and under another one.
import { AGENTS, gateway, gatewayName, publicTools, ROLES, type Role } from '@labmesh/contracts';
import { connectLab, type LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { type LabUnderTest, oneProcessLab } from '../harness/lab-under-test.js';
import { type Person, personWith, setPolicy, untilOutcome } from '../harness/policy.js';
import { rawCall, rawRequest } from '../harness/raw-calls.js';
import { verifies } from '../requirements.js';

/** No tool takes it, and every tool looks at the caller's rights first: so nothing is ever done here. */
const UNTAKEABLE = { text: '\0' };

let lab: LabUnderTest;
let operator: LabClient;
const people = new Map<Role, Person>();
beforeAll(async () => {
  lab = await oneProcessLab({ LABMESH_RATE_PER_SECOND: '0' });
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
  await operator?.[Symbol.asyncDispose]();
  await lab?.[Symbol.asyncDispose]();
});

interface Endpoint {
  readonly url: string;
  /** All tools by their names there. */
  readonly tools: readonly string[];
}

const endpoints = (): Endpoint[] => [
  {
    url: lab.url,
    tools: [...publicTools(AGENTS).map(({ agent, tool }) => gatewayName(agent, tool)), ...Object.keys(gateway.tools)],
  },
  ...AGENTS.map((agent) => ({
    url: `${lab.url}/agents/${agent.name}`,
    tools: publicTools([agent]).map(({ tool }) => tool),
  })),
];

async function listed(url: string, token: string): Promise<string[]> {
  const { body } = await rawRequest({ url, token }, 'tools/list');
  return (body.result as { tools: Array<{ name: string }> }).tools.map(({ name }) => name).sort();
}

/** Those that answer anything but that the caller may not. */
async function callable({ url, tools }: Endpoint, token: string): Promise<string[]> {
  const found: string[] = [];
  for (const tool of tools) {
    const { isError, body } = await rawCall({ url, token }, tool, UNTAKEABLE);
    expect([isError, body.code], tool).toEqual([true, expect.stringMatching(/^(forbidden|invalid_input)$/)]);
    if (body.code !== 'forbidden') found.push(tool);
  }
  return found.sort();
}

async function whole(): Promise<Map<Role, string[]>> {
  const atGateway = new Map<Role, string[]>();
  for (const [role, { token }] of people)
    for (const endpoint of endpoints()) {
      const names = await listed(endpoint.url, token);
      expect(await callable(endpoint, token), `${role} at ${endpoint.url}`).toEqual(names);
      if (endpoint.url === lab.url) atGateway.set(role, names);
    }
  return atGateway;
}

async function everyRoleAndTool(): Promise<void> {
  const builtIn = await whole();
  expect(builtIn.get('operator')).toEqual([...(endpoints()[0]?.tools ?? [])].sort());
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
  const now = await whole();
  for (const role of ROLES) {
    const [before, after] = [builtIn.get(role) ?? [], now.get(role) ?? []];
    const told = tools.find((each) => each.role === role) ?? { gained: [], lost: [] };
    // What the token does not carry, it does not gain; and the citizen's wallet is named by a rule.
    expect(told.gained).toEqual(expect.arrayContaining(after.filter((name) => !before.includes(name))));
    const lost = before.filter((name) => !after.includes(name) && name !== 'chancellor_get_balance');
    expect(lost).toEqual(told.lost.filter((name) => name !== 'chancellor_get_balance').sort());
  }
  expect(now.get('citizen')).not.toContain('chancellor_get_balance');
  expect(now.get('operator')).not.toContain('sentinel_rotate_keys');
  expect(now.get('validator')).toContain('librarian_log_new_solution');
}

verifies('policy:listed-is-callable', everyRoleAndTool, 120_000);
