// What a policy would have done to recorded calls: grouped by who, with what, on what; decided by the rights of today.
import { type CallRecord, Policy, type Principal, type Role, sentinel } from '@labmesh/contracts';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { callOf, newWalletId, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';

let world: World;
let lab: ReturnType<typeof replica>;
beforeAll(async () => {
  world = await openWorld();
  lab = replica(world);
  await lab.keys.onModuleInit();
});
afterAll(() => world.close());
beforeEach(() => world.database.prisma.auditRecord.deleteMany());

const minutesAgo = (minutes: number): string => new Date(world.nowMs - minutes * 60_000).toISOString();

async function recorded(count: number, extra: Partial<CallRecord>): Promise<void> {
  const records = Array.from({ length: count }, () => ({
    id: uuidv7(),
    callId: uuidv7(),
    at: minutesAgo(10),
    walletId: null,
    credentialId: null,
    chain: [],
    agent: 'curator',
    tool: 'fetch_dataset',
    decision: 'allow' as const,
    outcome: 'ok' as const,
    durationMs: 1,
    inputHash: null,
    outputHash: null,
    inputBytes: null,
    outputBytes: null,
    about: null,
    ...extra,
  }));
  await lab.audit.record(records);
}

async function known(role: Role): Promise<Principal> {
  const principal = principalOf(role);
  await lab.principals.learn(principal.walletId, role);
  return principal;
}

async function tried(document: object, sinceHours = 24) {
  const before = await lab.policyRows.newestVersion();
  const input = { policy: Policy.parse(document), note: 'What if', dryRun: true, sinceHours };
  const answer = await lab.policySetting.set(input, callOf(principalOf('operator')));
  expect(await lab.policyRows.newestVersion()).toBe(before);
  expect(answer.set).toBe(false);
  expect(sentinel.tools.set_policy.output.safeParse(answer).success).toBe(true);
  if (answer.traffic === undefined) throw new Error('a dry run told of no traffic');
  return answer.traffic;
}

const closed = (deny: object, extra: object = {}) => ({
  rules: [{ id: 'closed', description: 'Closed', deny, ...extra }],
});

it('tells which groups of calls would be denied, most calls first', async () => {
  const [ada, ben] = [await known('researcher'), await known('citizen')];
  await recorded(2, { walletId: ada.walletId });
  await recorded(5, { walletId: ben.walletId });
  await recorded(4, { walletId: ben.walletId, tool: 'list_available_datasets' });
  const traffic = await tried(closed({ tools: ['curator_fetch_dataset'] }));
  expect(traffic).toMatchObject({ calls: 11, undecided: 0, wouldDeny: 7, wouldAllow: 0, more: 0 });
  expect(traffic.changed).toMatchObject([
    { walletId: ben.walletId, role: 'citizen', calls: 5, before: 'allow', after: 'deny', rule: 'policy:closed' },
    { walletId: ada.walletId, role: 'researcher', calls: 2, tool: 'curator_fetch_dataset' },
  ]);
  expect(traffic.changed[0]?.reason).toContain('Closed');
  const exempt = await tried(closed({ agents: ['curator'] }, { except: { wallets: [ben.walletId] } }));
  expect(exempt).toMatchObject({ wouldDeny: 2, changed: [{ walletId: ada.walletId }] });
});

it('tells which refused calls would be allowed, within what their credential carries', async () => {
  const ada = await known('citizen');
  const issue = (permissions?: Array<'dataset:read'>) =>
    lab.issuer.issueFor(
      { kind: 'client_key', refreshable: false, ...(permissions ? { permissions } : {}) },
      callOf(ada),
    );
  const narrow = await issue(['dataset:read']);
  const refused = { walletId: ada.walletId, tool: 'submit_dataset', decision: 'deny', outcome: 'forbidden' } as const;
  await recorded(3, { ...refused, credentialId: narrow.tokenId });
  await recorded(2, { ...refused, credentialId: 'cred_unknown' });
  const traffic = await tried({ roles: { citizen: ['dataset:read', 'dataset:write'] } });
  expect(traffic).toMatchObject({ calls: 5, undecided: 0, wouldAllow: 2, wouldDeny: 0 });
  expect(traffic.changed).toMatchObject([
    { credentialId: 'cred_unknown', recorded: 'deny', before: 'deny', after: 'allow' },
  ]);
});

it('honours a credential’s toolset, but for agents that act', async () => {
  const ada = await known('citizen');
  const toolset = ['chancellor_get_balance'];
  const { tokenId } = await lab.issuer.issueFor({ kind: 'access', refreshable: false, toolset }, callOf(ada));
  await recorded(1, { walletId: ada.walletId, credentialId: tokenId });
  await recorded(2, { walletId: ada.walletId, credentialId: tokenId, chain: ['mechanic'] });
  const traffic = await tried(closed({ agents: ['curator'] }));
  expect(traffic).toMatchObject({ calls: 3, wouldDeny: 2, changed: [{ calls: 2 }] });
});

it('speaks of resources, and counts what nobody can decide again', async () => {
  const ada = await known('citizen');
  await recorded(2, { walletId: ada.walletId, tool: 'dataset:read' });
  await recorded(3, { walletId: ada.walletId, tool: 'no_more' });
  await recorded(4, { walletId: newWalletId() });
  await recorded(5, { agent: 'endpoint', tool: 'authenticate', decision: 'deny', outcome: 'unauthenticated' });
  const traffic = await tried(closed({ permissions: ['dataset:read'] }));
  expect(traffic).toMatchObject({
    calls: 14,
    undecided: 12,
    wouldDeny: 2,
    changed: [{ tool: 'curator_dataset:read' }],
  });
});

it('looks back as far as it is told, and not further', async () => {
  const ada = await known('citizen');
  await recorded(1, { walletId: ada.walletId });
  await recorded(2, { walletId: ada.walletId, at: minutesAgo(90) });
  await recorded(4, { walletId: ada.walletId, at: minutesAgo(60 * 24 * 20) });
  const deny = closed({ agents: ['curator'] });
  for (const [hours, calls] of [
    [1, 1],
    [2, 3],
    [720, 7],
  ] as const)
    expect(await tried(deny, hours)).toMatchObject({ calls, wouldDeny: calls });
});

it('lists a hundred groups, and counts the rest', async () => {
  for (let at = 0; at < 103; at++) await recorded(1, { walletId: (await known('citizen')).walletId });
  const traffic = await tried(closed({ agents: ['curator'] }));
  expect(traffic).toMatchObject({ calls: 103, wouldDeny: 103, more: 3 });
  expect(traffic.changed).toHaveLength(100);
});
