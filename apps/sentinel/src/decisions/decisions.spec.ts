// validate_request over the whole catalogue. The rule itself is tested beside it, in @labmesh/agent.

import { AGENTS, BUILT_IN_POLICY, gatewayName, publicTools, ROLE_PERMISSIONS, type Role } from '@labmesh/contracts';
import { CompiledPolicy } from '@labmesh/identity';
import { describe, expect, it } from 'vitest';
import { newWalletId } from '../open-sentinel.testing.js';
import { validateRequest } from './decisions.js';

const ask = (role: Role, tool: string, extra: { toolset?: string[]; resource?: string } = {}) =>
  validateRequest(
    {
      subject: {
        type: 'wallet',
        id: newWalletId(),
        properties: {
          role,
          permissions: [...ROLE_PERMISSIONS[role]],
          credentialId: 'cred_test',
          ...(extra.toolset ? { toolset: extra.toolset } : {}),
        },
      },
      action: { name: tool },
      resource: { type: 'tool', id: extra.resource ?? tool },
      context: {},
    },
    new CompiledPolicy(BUILT_IN_POLICY, 0),
  );

describe('validate_request', () => {
  it('allows the operator every public tool, and nobody an internal one', () => {
    for (const { agent, tool } of publicTools(AGENTS))
      expect(ask('operator', gatewayName(agent, tool)).decision).toBe(true);
    expect(ask('operator', 'sentinel_issue_pass')).toMatchObject({
      decision: false,
      context: { rule: 'internal_tool' },
    });
    expect(ask('operator', 'curator_route_data_to_agent')).toMatchObject({
      decision: false,
      context: { rule: 'internal_tool' },
    });
  });

  it.each(['nope', '', 'constructor', 'curator', 'labmesh.curator.fetch_dataset'])(
    'denies the unknown tool "%s"',
    (tool) => {
      expect(ask('operator', tool)).toMatchObject({ decision: false, context: { rule: 'unknown_tool' } });
    },
  );

  it('says what is missing and who has it', () => {
    const answer = ask('citizen', 'chancellor_create_boilerplate_wallet');
    expect(answer).toMatchObject({ decision: false, context: { rule: 'permission_missing' } });
    expect(answer.context.reason).toMatch(/wallet:create.*operator/);
  });

  it('honours a toolset, and refuses an action on another resource', () => {
    expect(ask('citizen', 'chancellor_get_balance', { toolset: ['curator_fetch_dataset'] })).toMatchObject({
      decision: false,
      context: { rule: 'toolset_excludes' },
    });
    expect(ask('citizen', 'chancellor_get_balance', { resource: 'curator_fetch_dataset' })).toMatchObject({
      decision: false,
      context: { rule: 'resource_mismatch' },
    });
  });
});
