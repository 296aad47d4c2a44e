// The one rule of who may use a tool: every tool against every role, and each reason for a denial.

import {
  AGENTS,
  chancellor,
  curator,
  gatewayName,
  type NamedTool,
  PERMISSIONS,
  publicTools,
  ROLE_PERMISSIONS,
  ROLES,
  sentinel,
} from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { decide as decideBy, type Rights } from './decision.js';
import { BUILT_IN } from './policy.testing.js';

const decide = (rights: Rights, tool: NamedTool | undefined, asking: { internal?: true; acting?: true } = {}) =>
  decideBy(rights, tool, { policy: BUILT_IN, ...asking });

const operator = { role: 'operator', permissions: PERMISSIONS } as const;
const researcher = { role: 'researcher', permissions: ROLE_PERMISSIONS.researcher } as const;
const citizen = { role: 'citizen', permissions: ROLE_PERMISSIONS.citizen } as const;
const openWallet: NamedTool = {
  agent: 'chancellor',
  tool: 'create_boilerplate_wallet',
  spec: chancellor.tools.create_boilerplate_wallet,
};
const routeData: NamedTool = {
  agent: 'curator',
  tool: 'route_data_to_agent',
  spec: curator.tools.route_data_to_agent,
};
const getKeys: NamedTool = { agent: 'sentinel', tool: 'get_signing_keys', spec: sentinel.tools.get_signing_keys };
const balance: NamedTool = { agent: 'chancellor', tool: 'get_balance', spec: chancellor.tools.get_balance };

describe('decide', () => {
  it('allows exactly what the table says, for every public tool and role', () => {
    for (const role of ROLES) {
      for (const tool of publicTools(AGENTS)) {
        const { permission } = tool.spec;
        const expected = permission !== null && ROLE_PERMISSIONS[role].includes(permission);
        expect(decide({ role, permissions: ROLE_PERMISSIONS[role] }, tool).decision, `${role} ${tool.tool}`).toBe(
          expected,
        );
      }
    }
  });

  it('denies a tool that does not exist', () => {
    expect(decide(operator, undefined)).toMatchObject({ decision: false, rule: 'unknown_tool' });
  });

  it('denies internal tools from outside, even to the operator, and lets agents reach them', () => {
    expect(decide(operator, routeData)).toMatchObject({ decision: false, rule: 'internal_tool' });
    expect(decide(operator, getKeys)).toMatchObject({ decision: false, rule: 'internal_tool' });
    expect(decide(researcher, routeData, { internal: true })).toMatchObject({
      decision: true,
      rule: 'permission_held',
    });
    expect(decide({ ...researcher, permissions: [] }, routeData, { internal: true }).rule).toBe('permission_missing');
    expect(decide({ ...citizen, permissions: [] }, getKeys, { internal: true }).rule).toBe('open_tool');
  });

  it('says which permission is missing and who has it', () => {
    const verdict = decide(citizen, openWallet);
    expect(verdict).toMatchObject({ decision: false, rule: 'permission_missing' });
    expect(verdict.reason).toMatch(/needs the permission wallet:create.*role citizen does not have.*operator/);
    expect(decide({ role: 'operator', permissions: ['agent:read'] }, openWallet).reason).toMatch(
      /token leaves out; the role operator has it/,
    );
  });

  it('never lets a token carry more than its role', () => {
    expect(decide({ role: 'citizen', permissions: PERMISSIONS }, openWallet)).toMatchObject({
      decision: false,
      rule: 'permission_missing',
    });
  });

  it.each(['root', '__proto__', 'constructor', 'toString'])('denies a role that is not in the table: %s', (role) => {
    expect(decide({ role: role as 'citizen', permissions: PERMISSIONS }, balance)).toMatchObject({
      decision: false,
      rule: 'unknown_role',
    });
  });

  it('denies a public tool whose contract names no permission', () => {
    const open: NamedTool = { ...balance, spec: { ...balance.spec, permission: null } };
    expect(decide(operator, open, { internal: true })).toMatchObject({ decision: false, rule: 'permission_missing' });
  });

  it('binds a program to its toolset, and not the agents that answer it', () => {
    const [tool] = publicTools([curator]);
    const bound = { ...citizen, toolset: [gatewayName('curator', tool?.tool ?? '')] };
    expect(decide(bound, tool).decision).toBe(true);
    expect(decide(bound, balance)).toMatchObject({ decision: false, rule: 'toolset_excludes' });
    expect(decide(bound, balance, { internal: true })).toMatchObject({ decision: false, rule: 'toolset_excludes' });
    expect(decide(bound, balance, { internal: true, acting: true }).decision).toBe(true);
    expect(
      decide({ ...researcher, toolset: bound.toolset }, routeData, { internal: true, acting: true }).decision,
    ).toBe(true);
    expect(decide({ ...citizen, toolset: [] }, balance).decision).toBe(false);
  });

  it('gives a toolset what one of its tools leads to, and the permission is needed all the same', () => {
    const led: NamedTool = { ...balance, tool: 'blob:open', spec: { ...balance.spec, through: ['curator_look'] } };
    expect(decide({ ...citizen, toolset: ['curator_look'] }, led).decision).toBe(true);
    expect(decide({ ...citizen, toolset: ['curator_other'] }, led)).toMatchObject({ rule: 'toolset_excludes' });
    const bare = { role: 'citizen', permissions: [], toolset: ['curator_look'] } as const;
    expect(decide(bare, led)).toMatchObject({ rule: 'permission_missing' });
  });
});
