// Decisions for other systems: the same as the rule's, for every role and tool; what is not known is denied, what is not whole
// is denied by itself.

import {
  AGENTS,
  AppError,
  BUILT_IN_POLICY,
  gatewayName,
  Policy,
  publicTools,
  ROLE_PERMISSIONS,
  ROLES,
} from '@labmesh/contracts';
import { CompiledPolicy } from '@labmesh/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, newWalletId, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';
import { AccessEvaluation } from './authzen.js';

const wallets = new Map(ROLES.map((role) => [newWalletId(), role]));
const asked: string[] = [];
const roleOf = async (walletId: string) => {
  asked.push(walletId);
  const role = wallets.get(walletId);
  if (role === undefined) throw new AppError('not_found', 'There is no such wallet');
  return role;
};
const ASKING = callOf(principalOf('operator'));
const under = (policy: CompiledPolicy) => {
  const evaluation = new AccessEvaluation({ roleOf }, { current: policy });
  return async (evaluations: unknown[], semantic: 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit') =>
    (await evaluation.evaluate({ evaluations: evaluations.map((one) => JSON.stringify(one)), semantic }, ASKING))
      .evaluations;
};
const evaluateAll = under(new CompiledPolicy(BUILT_IN_POLICY, 0));
const evaluate = async (one: unknown, all = evaluateAll) => (await all([one], 'execute_all'))[0];
const walletWith = (wanted: string): string => [...wallets].find(([, role]) => role === wanted)?.[0] ?? '';
const asking = (walletId: string, tool: string, action = 'call') => ({
  subject: { type: 'wallet', id: walletId },
  action: { name: action },
  resource: { type: 'tool', id: tool },
});

describe('an evaluation', () => {
  it('is the role’s right, for every role and every tool', async () => {
    for (const [walletId, role] of wallets)
      for (const { agent, tool, spec } of publicTools(AGENTS)) {
        const decided = await evaluate(asking(walletId, gatewayName(agent, tool)));
        expect(decided?.decision).toBe(spec.permission !== null && ROLE_PERMISSIONS[role].includes(spec.permission));
      }
  });

  it.each([
    ['a wallet that is not there', { subject: { type: 'wallet', id: newWalletId() } }, 'unknown_subject'],
    ['what can be no wallet', { subject: { type: 'wallet', id: 'wal_\0' } }, 'unknown_subject'],
    ['a subject that is no wallet', { subject: { type: 'user', id: 'ada' } }, 'unknown_subject'],
    ['a resource that is no tool', { resource: { type: 'door', id: 'front' } }, 'unknown_resource'],
    ['a tool that is not there', { resource: { type: 'tool', id: 'nope' } }, 'unknown_tool'],
    ['an internal tool', { resource: { type: 'tool', id: 'sentinel_issue_pass' } }, 'internal_tool'],
    ['another action', { action: { name: 'delete' } }, 'unknown_action'],
  ])('denies %s', async (_what, extra, rule) => {
    const request = { ...asking(walletWith('operator'), 'curator_fetch_dataset'), ...extra };
    expect(await evaluate(request)).toMatchObject({ decision: false, context: { rule } });
  });
});

describe('an evaluation under a policy', () => {
  it('names the rule and the version, and knows wallets from each other', async () => {
    const [ada, ben] = [newWalletId(), newWalletId()];
    const deny = { wallets: [ada], agents: ['curator'] };
    const rules = [{ id: 'closed', description: 'Closed', deny }];
    wallets.set(ada, 'citizen').set(ben, 'citizen');
    const set = under(new CompiledPolicy({ version: 7, policy: Policy.parse({ rules }) }, 0));
    expect(await evaluate(asking(ada, 'curator_fetch_dataset'), set)).toMatchObject({
      decision: false,
      context: { rule: 'policy:closed', policyVersion: 7 },
    });
    expect(await evaluate(asking(ben, 'curator_fetch_dataset'), set)).toMatchObject({
      decision: true,
      context: { rule: 'permission_held', policyVersion: 7 },
    });
    expect(await evaluate(asking(ada, 'curator_dataset:read'), set)).toMatchObject({ decision: false });
  });
});

describe('evaluations', () => {
  const citizen = walletWith('citizen');
  const [yes, no] = [asking(citizen, 'curator_fetch_dataset'), asking(citizen, 'sentinel_audit_query')];
  const decided = async (list: unknown[], semantic: Parameters<typeof evaluateAll>[1] = 'execute_all') =>
    (await evaluateAll(list, semantic)).map(({ decision }) => decision);

  it('keep their order', async () => {
    expect(await decided([yes, no, yes])).toEqual([true, false, true]);
  });

  it('stop where the asker wants it', async () => {
    expect(await decided([yes, no, yes], 'deny_on_first_deny')).toEqual([true, false]);
    expect(await decided([no, yes, no], 'permit_on_first_permit')).toEqual([false, true]);
  });

  it.each([
    ['nothing', {}],
    ['no object', 7],
    ['null', null],
    ['a list', [yes]],
    ['a subject that is none', { ...yes, subject: 'Ada' }],
    ['an id that is a number', { ...yes, subject: { type: 'wallet', id: 7 } }],
    ['properties that are none', { ...yes, resource: { ...yes.resource, properties: 'many' } }],
    ['a context that is none', { ...yes, context: [] }],
  ])('deny one by itself that has %s', async (_what, odd) => {
    const all = await evaluateAll([yes, odd, yes], 'execute_all');
    expect(all.map(({ decision }) => decision)).toEqual([true, false, true]);
    expect(all[1]).toMatchObject({ context: { error: { status: 400 } } });
  });

  it('ask the database for no id that is no wallet’s', async () => {
    const ids = ['\0', `wal_${'\0'.repeat(36)}`, 'wal_1', 'x'.repeat(100_000), '\ud800'];
    asked.length = 0;
    const odd = ids.map((id) => ({ ...yes, subject: { type: 'wallet', id } }));
    expect(await decided([yes, ...odd])).toEqual([true, ...ids.map(() => false)]);
    expect(asked).toEqual([citizen]);
  });
});

describe('explain_access', () => {
  let world: World;
  let lab: ReturnType<typeof replica>;
  beforeAll(async () => {
    world = await openWorld();
    lab = replica(world);
    await lab.keys.onModuleInit();
  });
  afterAll(() => world.close());

  it('says what would open it: another role, a token with more', async () => {
    const citizen = callOf(principalOf('citizen'));
    const { role, allowed, changes } = await lab.explanation.explain({ tool: 'sentinel_audit_query' }, citizen);
    expect({ role, allowed, changes }).toEqual({
      role: 'citizen',
      allowed: false,
      changes: ['A wallet with one of the roles operator'],
    });
    const bound = callOf(principalOf('citizen', { permissions: [], toolset: ['curator_fetch_dataset'] }));
    expect((await lab.explanation.explain({ tool: 'chancellor_get_balance' }, bound)).changes).toEqual([
      'A token whose toolset has chancellor_get_balance, or one without a toolset',
      'A token that carries wallet:read, which the role citizen has',
    ]);
  });

  it('agrees with what is decided, whatever the tool', async () => {
    for (const role of ROLES)
      for (const { agent, tool, spec } of publicTools(AGENTS)) {
        const answer = await lab.explanation.explain({ tool: gatewayName(agent, tool) }, callOf(principalOf(role)));
        expect(answer.allowed).toBe(spec.permission !== null && ROLE_PERMISSIONS[role].includes(spec.permission));
        expect(answer.roles.includes(role)).toBe(answer.allowed);
        expect(answer.changes.length).toBeGreaterThan(0);
      }
    const unknown = await lab.explanation.explain({ tool: 'nope' }, callOf(principalOf('operator')));
    expect(unknown).toMatchObject({ allowed: false, rule: 'unknown_tool', roles: [], changes: [] });
  });

  it('speaks of the rules of the policy, and of all that stand in the way', async () => {
    const about = replica(world);
    const walletId = newWalletId();
    const until = '2999-01-01T00:00:00.000Z';
    const rules = [
      { id: 'moving', description: 'Moving', deny: { agents: ['curator'] }, except: { roles: ['operator'] }, until },
      { id: 'ada', description: 'Ada', deny: { wallets: [walletId], permissions: ['dataset:write'] } },
    ];
    const roles = { validator: [], developer: ['agent:read'] };
    about.policies.learn({ version: 3, policy: Policy.parse({ rules, roles }) });
    const ada = callOf(principalOf('citizen', { walletId }));
    const answer = await about.explanation.explain({ tool: 'curator_submit_dataset' }, ada);
    expect(answer).toMatchObject({ allowed: false, rule: 'policy:moving', policyVersion: 3, roles: ['operator'] });
    expect(answer.changes).toEqual([
      `The end of the rule "moving" at ${until}, or a policy without it (sentinel_set_policy, by the operator)`,
      'A policy without the rule "ada", or one that excepts this wallet from it (sentinel_set_policy, by the operator)',
      'A wallet with one of the roles operator',
    ]);
    const reading = await about.explanation.explain({ tool: 'curator_fetch_dataset' }, ada);
    expect(reading.changes).toHaveLength(1);
    const allowed = await about.explanation.explain({ tool: 'chancellor_get_balance' }, ada);
    expect(allowed).toMatchObject({ allowed: true, policyVersion: 3, roles: ['citizen', 'researcher', 'operator'] });
    expect(allowed.changes.join()).toContain('sentinel_set_policy');
  });

  it('tells of another wallet only who may decide on it', async () => {
    const walletId = newWalletId();
    await lab.principals.learn(walletId, 'researcher');
    const about = { tool: 'curator_submit_dataset', walletId };
    const refused = lab.explanation.explain(about, callOf(principalOf('researcher')));
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
    const operator = callOf(principalOf('operator'));
    expect(await lab.explanation.explain(about, operator)).toMatchObject({
      walletId,
      role: 'researcher',
      allowed: true,
    });
  });
});
