// The one rule under policies other than the built-in one: what roles give, what rules take, and that nothing ever gives more.

import {
  AGENTS,
  curator,
  gatewayName,
  OPERATOR_KEEPS,
  operationsOf,
  PERMISSIONS,
  type Permission,
  type Policy,
  type PolicyRule,
  publicTools,
  ROLES,
  type Role,
} from '@labmesh/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompiledPolicy } from './compiled-policy.js';
import { decide, type Rights } from './decision.js';
import { BUILT_IN, policyOf } from './policy.testing.js';

const WALLETS = ['a', 'b', 'c'].map((letter) => `wal_01920000-0000-7000-8000-00000000000${letter}`);
const [ada = '', ben = ''] = WALLETS;
const EVERYTHING = [...publicTools(AGENTS), ...AGENTS.flatMap(operationsOf)];
const fetchDataset = { agent: 'curator', tool: 'fetch_dataset', spec: curator.tools.fetch_dataset };
const of = (role: Role, extra: Partial<Rights> = {}): Rights => ({ role, permissions: PERMISSIONS, ...extra });
const denying = (deny: PolicyRule['deny'], extra: Partial<PolicyRule> = {}): CompiledPolicy =>
  policyOf({ rules: [{ id: 'closed', description: 'Closed', deny, ...extra }] });
const allows = (policy: CompiledPolicy, rights: Rights): boolean => decide(rights, fetchDataset, { policy }).decision;

describe('a policy', () => {
  it('replaces what a role may do, and leaves the others as they are built in', () => {
    const policy = policyOf({ roles: { citizen: ['agent:read'] } });
    expect(allows(policy, of('citizen'))).toBe(false);
    expect(allows(policy, of('researcher'))).toBe(true);
    const { reason } = decide(of('citizen'), fetchDataset, { policy });
    expect(reason).toContain('researcher, validator, developer, operator');
    const nobody = policyOf({ roles: Object.fromEntries(ROLES.map((role) => [role, []])) });
    expect(decide(of('operator'), fetchDataset, { policy: nobody }).reason).toContain('it belongs to: nobody');
  });

  it('never gives a token more than it carries', () => {
    const policy = policyOf({ roles: { citizen: [...PERMISSIONS] } });
    expect(decide(of('citizen', { permissions: ['agent:read'] }), fetchDataset, { policy })).toMatchObject({
      decision: false,
      rule: 'permission_missing',
    });
  });

  it.each<[string, PolicyRule['deny'], Partial<PolicyRule>, Array<[Role, string, boolean]>]>([
    [
      'a role',
      { roles: ['citizen'] },
      {},
      [
        ['citizen', ada, false],
        ['researcher', ada, true],
      ],
    ],
    [
      'a wallet',
      { wallets: [ada] },
      {},
      [
        ['citizen', ada, false],
        ['citizen', ben, true],
      ],
    ],
    ['an agent', { agents: ['curator'] }, {}, [['operator', ada, false]]],
    ['another agent', { agents: ['librarian'] }, {}, [['citizen', ada, true]]],
    ['a tool', { tools: ['curator_fetch_dataset'] }, {}, [['citizen', ada, false]]],
    ['a permission', { permissions: ['dataset:read'] }, {}, [['developer', ada, false]]],
    [
      'all that must fit',
      { roles: ['citizen'], wallets: [ben] },
      {},
      [
        ['citizen', ada, true],
        ['citizen', ben, false],
      ],
    ],
    [
      'all but a role',
      { agents: ['curator'] },
      { except: { roles: ['citizen'] } },
      [
        ['citizen', ada, true],
        ['operator', ada, false],
      ],
    ],
    [
      'all but a wallet',
      { agents: ['curator'] },
      { except: { wallets: [ada] } },
      [
        ['citizen', ada, true],
        ['citizen', ben, false],
      ],
    ],
    [
      'nobody of a role or a wallet',
      { agents: ['curator'] },
      { except: { wallets: [ada], roles: ['operator'] } },
      [
        ['operator', ben, true],
        ['citizen', ada, true],
        ['citizen', ben, false],
      ],
    ],
  ])('denies %s', (_what, deny, extra, cases) => {
    const policy = denying(deny, extra);
    for (const [role, walletId, allowed] of cases) expect(allows(policy, of(role, { walletId }))).toBe(allowed);
  });

  it('names the rule that denied, with its words', () => {
    const until = '2027-03-01T00:00:00.000Z';
    const { rule, reason } = decide(of('citizen'), fetchDataset, {
      policy: denying({ agents: ['curator'] }, { until }),
    });
    expect(rule).toBe('policy:closed');
    expect(reason).toMatch(
      /^curator_fetch_dataset is denied by the rule "closed" .*: Closed\. It holds until 2027-03-01/,
    );
  });

  it('lets a rule end by itself', () => {
    const until = '2027-03-01T00:00:00.000Z';
    const rules = [{ id: 'closed', description: 'Closed', deny: { agents: ['curator'] }, until }];
    const endMs = Date.parse(until);
    expect(allows(policyOf({ rules }, endMs - 1), of('citizen'))).toBe(false);
    expect(policyOf({ rules }, endMs - 1).endsAtMs).toBe(endMs);
    expect(allows(policyOf({ rules }, endMs), of('citizen'))).toBe(true);
    expect(policyOf({ rules }, endMs).endsAtMs).toBe(Infinity);
    expect(policyOf({ rules }, endMs).key).toBe(BUILT_IN.key);
  });

  it('takes from a principal what roles and rules take, and nothing else', () => {
    const principal = { walletId: ada, role: 'citizen', permissions: PERMISSIONS, credentialId: 'c' } as const;
    expect(BUILT_IN.bounded(principal).permissions).toEqual(BUILT_IN.rightsOf('citizen').permissions);
    const own = BUILT_IN.bounded(principal);
    expect(BUILT_IN.bounded(own)).toBe(own);
    expect(denying({ tools: ['curator_fetch_dataset'] }).bounded(own)).toBe(own);
    expect(denying({ permissions: ['dataset:read'], wallets: [ben] }).bounded(own)).toBe(own);
    const without = denying({ permissions: ['dataset:read'] }).bounded(own);
    expect(without.permissions).toEqual(own.permissions.filter((permission) => permission !== 'dataset:read'));
    expect(denying({ wallets: [ada] }).bounded(own).permissions).toEqual([]);
    const stranger = { ...principal, role: '__proto__' as Role };
    expect(BUILT_IN.bounded(stranger).permissions).toEqual([]);
  });
});

const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });
const names = EVERYTHING.map(({ agent, tool }) => gatewayName(agent, tool));
const who = { roles: some(ROLES), wallets: some(WALLETS) };
const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
const selector = fc
  .record({ ...who, agents: some(AGENTS.map(({ name }) => name)), tools: some(names), permissions: some(PERMISSIONS) })
  .map(defined)
  .filter((members) => Object.keys(members).length > 0);
const except = fc
  .record(who)
  .map(defined)
  .map((members) => (Object.keys(members).length > 0 ? members : undefined));
const rule = fc
  .record({ deny: selector, except })
  .map((members) => ({ id: 'r', description: 'D', ...defined(members) }) as PolicyRule);
const roles = fc.dictionary(fc.constantFrom(...ROLES), fc.subarray([...PERMISSIONS])) as fc.Arbitrary<Policy['roles']>;
const rights = fc.record({
  role: fc.constantFrom(...ROLES),
  permissions: fc.subarray([...PERMISSIONS]),
  walletId: fc.constantFrom(...WALLETS),
});
const numbered = (rules: PolicyRule[]): PolicyRule[] => rules.map((each, at) => ({ ...each, id: `r${at}` }));

describe('whatever the policy', () => {
  it('a rule more never allows more, wherever it stands', () => {
    fc.assert(
      fc.property(
        roles,
        fc.array(rule, { maxLength: 4 }),
        rule,
        fc.nat(4),
        rights,
        (ofRoles, rules, added, at, held) => {
          const more = [...rules.slice(0, at), added, ...rules.slice(at)];
          const [before, after] = [rules, more].map((each) => policyOf({ roles: ofRoles, rules: numbered(each) })) as [
            CompiledPolicy,
            CompiledPolicy,
          ];
          for (const tool of EVERYTHING)
            if (decide(held, tool, { policy: after }).decision)
              expect(decide(held, tool, { policy: before }).decision).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('nothing is allowed that the role and the token do not both hold, and a rule’s denial is final', () => {
    fc.assert(
      fc.property(roles, fc.array(rule, { maxLength: 4 }), rights, (ofRoles, rules, held) => {
        const policy = policyOf({ roles: ofRoles, rules: numbered(rules) });
        const ofRole = ofRoles[held.role] ?? [...(BUILT_IN.permissionsOf(held.role) ?? [])];
        for (const tool of EVERYTHING) {
          const name = gatewayName(tool.agent, tool.tool);
          const permission = tool.spec.permission as Permission;
          const hit = rules.some((each) => fits(each, { ...held, agent: tool.agent, name, permission }));
          const expected = !hit && ofRole.includes(permission) && held.permissions.includes(permission);
          expect(decide(held, tool, { policy }).decision).toBe(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('what a handler sees in a principal would be allowed to a tool of no agent', () => {
    fc.assert(
      fc.property(roles, fc.array(rule, { maxLength: 4 }), rights, (ofRoles, rules, held) => {
        const policy = policyOf({ roles: ofRoles, rules: numbered(rules) });
        const seen = policy.bounded({ ...held, credentialId: 'c' });
        for (const permission of PERMISSIONS) {
          const spec = { ...curator.tools.fetch_dataset, permission };
          const { decision } = decide(held, { agent: 'none', tool: `of_${permission}`, spec }, { policy });
          expect(seen.permissions.includes(permission)).toBe(decision);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the operator keeps what sets another', () => {
    for (const permission of OPERATOR_KEEPS) expect(BUILT_IN.rolesWith(permission)).toEqual(['operator']);
  });
});

/** What a rule says, written without sets and caches. */
function fits(
  { deny, except: but }: PolicyRule,
  asked: { role: Role; walletId: string; agent: string; name: string; permission: Permission },
): boolean {
  const exempt = but?.roles?.includes(asked.role) === true || but?.wallets?.includes(asked.walletId) === true;
  return (
    !exempt &&
    deny.roles?.includes(asked.role) !== false &&
    deny.wallets?.includes(asked.walletId) !== false &&
    deny.agents?.includes(asked.agent) !== false &&
    deny.tools?.includes(asked.name) !== false &&
    deny.permissions?.includes(asked.permission) !== false
  );
}
