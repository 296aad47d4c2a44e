// Names at the gateway: short enough, unlike each other, readable backwards, and the same tomorrow as today.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGENTS } from './agents.js';
import { gateway } from './gateway.js';
import { fromGatewayName, GATEWAY_NAME_MAX, gatewayName, publicTools } from './names.js';
import { EVERYDAY_MAX } from './tool.js';
import { isToolsetName, TOOLSET_NAMES, TOOLSETS, toolsetsAllow, toolsetsHold } from './toolsets.js';

const tools = publicTools(AGENTS);
const names = tools.map(({ agent, tool }) => gatewayName(agent, tool));
const own = Object.keys(gateway.tools);

describe('a name at the gateway', () => {
  it('is short enough and of the characters that every client takes', () => {
    for (const name of [...names, ...own]) {
      expect(name.length).toBeLessThanOrEqual(GATEWAY_NAME_MAX);
      expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/);
    }
  });

  it('is one tool’s only, the gateway’s own among them', () => {
    const all = [...names, ...own];
    expect(new Set(all).size).toBe(all.length);
    // Even a tool that some agent may get one day cannot take the name of an own one.
    const agents = [...AGENTS.map(({ name }) => name), gateway.name];
    for (const name of own) expect(agents).not.toContain(fromGatewayName(name)?.agent);
  });

  it('tells its agent and tool', () => {
    for (const { agent, tool } of tools) expect(fromGatewayName(gatewayName(agent, tool))).toEqual({ agent, tool });
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/);
    const tool = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}[a-z0-9]$/);
    fc.assert(
      fc.property(word, tool, (agent, name) => {
        expect(fromGatewayName(gatewayName(agent, name))).toEqual({ agent, tool: name });
      }),
    );
    for (const none of ['', 'tool', '_tool', 'agent_']) expect(fromGatewayName(none)).toBeUndefined();
  });

  it('stays: programs and toolsets of tokens hold these', () => {
    expect([...names, ...own]).toEqual(
      expect.arrayContaining(
        `search_tools describe_tool curator_list_available_datasets curator_fetch_dataset curator_submit_dataset
         curator_validate_data_schema curator_transform_data_format sentinel_generate_wallet_token
         sentinel_create_sign_in_link sentinel_audit_log_stream chancellor_create_boilerplate_wallet
         chancellor_get_balance chancellor_execute_transaction architect_list_available_templates
         architect_get_template_readme mechanic_get_system_health librarian_query_knowledge_base
         librarian_get_document librarian_log_new_solution librarian_get_agent_manifest`.split(/\s+/),
      ),
    );
  });
});

describe('an everyday tool', () => {
  it.each(AGENTS.map((agent) => [agent.name, agent] as const))('is one of at most eight of the %s', (_name, agent) => {
    const everyday = publicTools([agent]).filter(({ spec }) => spec.everyday);
    expect(everyday.length).toBeGreaterThanOrEqual(1);
    expect(everyday.length).toBeLessThanOrEqual(EVERYDAY_MAX);
  });

  it('is one that programs can call', () => {
    const internal = AGENTS.flatMap(({ tools }) => Object.values(tools)).filter(
      ({ visibility }) => visibility === 'internal',
    );
    expect(internal.filter(({ everyday }) => everyday)).toEqual([]);
  });
});

describe('a member that lists tell of in brief', () => {
  it('is one of the input, and says what it is where its name and type do not', () => {
    for (const { spec } of tools)
      for (const name of spec.brief ?? []) {
        const member = spec.input.toJSONSchema({ io: 'input' }).properties?.[name];
        expect(member).toBeTypeOf('object');
        const { type, items } = member as { type?: string; items?: { type?: string } };
        if ([type, items?.type].includes('object')) expect(member).toHaveProperty('description');
      }
  });
});

describe('a toolset', () => {
  it('holds only what there is', () => {
    const known = new Set([...AGENTS.map(({ name }) => name), gateway.name, ...names]);
    for (const { holds } of Object.values(TOOLSETS))
      for (const member of typeof holds === 'string' ? [] : holds) expect(known).toContain(member);
  });

  it('is found for every tool, and by its own name only', () => {
    const closed = TOOLSET_NAMES.filter((name) => !('open' in TOOLSETS[name]));
    for (const tool of tools) expect(closed.filter((name) => toolsetsHold([name], tool))).not.toEqual([]);
    expect(isToolsetName('data')).toBe(true);
    for (const none of ['', 'Data', 'toString', '__proto__']) expect(isToolsetName(none)).toBe(false);
  });

  it('lets call what it lists; one that is open, everything else too', () => {
    for (const name of TOOLSET_NAMES)
      for (const tool of tools)
        expect(toolsetsAllow([name], tool)).toBe(toolsetsHold([name], tool) || 'open' in TOOLSETS[name]);
  });

  it('called everyday, all or search is about the length of the list', () => {
    const held = (name: (typeof TOOLSET_NAMES)[number]) =>
      publicTools([gateway, ...AGENTS]).filter((tool) => toolsetsHold([name], tool));
    expect(held('all')).toHaveLength(tools.length + own.length);
    expect(held('search').map(({ tool }) => tool)).toEqual(own);
    expect(
      held('everyday')
        .map(({ tool }) => tool)
        .slice(0, 2),
    ).toEqual(own);
  });
});
