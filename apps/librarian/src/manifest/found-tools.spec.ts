// Who can help with what: what is told of rights is what the one rule decides.
import {
  AGENTS,
  gatewayName,
  librarian,
  type Principal,
  publicTools,
  ROLE_PERMISSIONS,
  type Role,
} from '@labmesh/contracts';
import { decide } from '@labmesh/identity';
import { builtIn } from '@labmesh/identity/policy.testing';
import { expect, it } from 'vitest';
import { FoundTools } from './found-tools.js';

const of = (role: Role, rights: Partial<Principal> = {}): Principal => ({
  walletId: 'wal_01920000-0000-7000-8000-000000000001',
  role,
  permissions: ROLE_PERMISSIONS[role],
  credentialId: 'c',
  ...rights,
});
const found = new FoundTools(builtIn, {
  up: async (names) => new Set(names.filter((name) => name !== 'mechanic')),
});

it('finds a tool by plain words, with its agent and whether that is up', async () => {
  const answer = await found.find({ query: 'train my neural network', limit: 3 }, of('researcher'));
  expect(librarian.tools.find_tool.output.parse(answer)).toEqual(answer);
  expect(answer.tools[0]).toMatchObject({
    name: 'mechanic_orchestrate_training_job',
    agent: 'mechanic',
    status: 'down',
    toolsets: ['jobs', 'operations'],
    mayCall: true,
    missing: null,
    heldBy: [],
  });
  expect(answer.agents[0]).toMatchObject({ name: 'mechanic', title: 'The Mechanic', status: 'down' });
});

it('names the missing permission and who has it', async () => {
  const { tools } = await found.find({ query: 'upload a csv file', limit: 1 }, of('citizen'));
  expect(tools[0]).toMatchObject({
    name: 'curator_submit_dataset',
    status: 'up',
    mayCall: false,
    missing: 'dataset:write',
    heldBy: ['researcher', 'developer', 'operator'],
  });
});

it('says of every tool what the guards decide, for rights of every kind', async () => {
  const askers = [
    of('citizen'),
    of('operator'),
    of('researcher', { permissions: ['agent:read'] }),
    of('operator', { toolset: ['curator_fetch_dataset'] }),
  ];
  const specs = publicTools(AGENTS);
  for (const asker of askers) {
    const { tools } = await found.find({ query: 'lab data project job money agent', limit: 50 }, asker);
    expect(tools.length).toBeGreaterThan(20);
    for (const { name, mayCall, reason } of tools) {
      const tool = specs.find((spec) => gatewayName(spec.agent, spec.tool) === name);
      const decision = decide(asker, tool, { policy: builtIn.current });
      expect({ mayCall, reason }).toEqual({ mayCall: decision.decision, reason: decision.reason });
    }
  }
});

it('never tells of a tool that no program reaches', async () => {
  const internal = AGENTS.flatMap((agent) =>
    Object.entries(agent.tools)
      .filter(([, { visibility }]) => visibility === 'internal')
      .map(([tool, { title }]) => ({ name: gatewayName(agent.name, tool), title })),
  );
  expect(internal.length).toBeGreaterThan(5);
  for (const { name, title } of internal) {
    const { tools } = await found.find({ query: `${name} ${title}`, limit: 50 }, of('operator'));
    expect(tools.map((tool) => tool.name)).not.toContain(name);
  }
});

it('answers nothing for words of no tool', async () => {
  expect(await found.find({ query: 'xyzzy', limit: 5 }, of('operator'))).toEqual({ tools: [], agents: [] });
});
