// What is listed may be called, what may be called is decided by rights and toolsets, and what is found is that: for every caller
// and every choice of toolsets.
import {
  AGENTS,
  defineAgent,
  defineTool,
  type Principal,
  ROLE_PERMISSIONS,
  ROLES,
  TOOLSET_NAMES,
} from '@labmesh/contracts';
import { builtIn, policyOf } from '@labmesh/identity/policy.testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { scopeOf, type ToolScope } from '../callers/toolset-scope.js';
import { Catalogue, UNAVAILABLE_META_KEY } from './catalogue.js';
import { type CatalogueEntry, type ListedTool, prefixed } from './listing.js';

const catalogue = new Catalogue(AGENTS, prefixed, { policies: builtIn, search: true });
const principal = (role: Principal['role'], more: Partial<Principal> = {}): Principal => ({
  walletId: 'wal_01920000-0000-7000-8000-000000000001',
  role,
  permissions: ROLE_PERMISSIONS[role],
  credentialId: 'c',
  ...more,
});
const operator = principal('operator');
const EVERYTHING = scopeOf('/mcp?toolsets=all');
const all = catalogue.listFor(operator, EVERYTHING).map(({ name }) => name);
const namesFor = (who: Principal, scope?: ToolScope) => catalogue.listFor(who, scope).map(({ name }) => name);
const entry = (name: string): CatalogueEntry => {
  const found = catalogue.find(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};
const callableFor = (who: Principal, scope?: ToolScope) =>
  all.filter((name) => catalogue.decide(who, entry(name), scope).decision);
const caller = (who: Principal, scope?: ToolScope) => ({ principal: who, credential: '', scope });
const own = (name: 'search_tools' | 'describe_tool', input: object, who = caller(operator)) =>
  catalogue.find(name)?.answer?.(input, who) as { tools: Array<{ name: string; unavailable: boolean }> };
const found = (query: string, who = caller(operator)) =>
  own('search_tools', { query }, who).tools.map(({ name }) => name);

describe('what is listed', () => {
  it('may be called, whatever the role, the token’s toolset and the connection’s; what may be called, rights and toolsets say', () => {
    const names = fc.option(fc.subarray(all, { minLength: 1 }), { nil: undefined });
    const sets = fc.option(fc.subarray(TOOLSET_NAMES, { minLength: 1 }), { nil: undefined });
    fc.assert(
      fc.property(fc.constantFrom(...ROLES), names, sets, (role, toolset, wanted) => {
        const who = principal(role, toolset === undefined ? {} : { toolset });
        const scope = wanted === undefined ? undefined : scopeOf(`/mcp?toolsets=${wanted.join()}`);
        const listed = namesFor(who, scope);
        const callable = callableFor(who, scope);
        expect(callable).toEqual(expect.arrayContaining(listed));
        expect(callable).toEqual(callableFor(who).filter((name) => scope?.allows(entry(name)) ?? true));
        // Whoever named tools has them all before them, and so has who wants all, or sets that allow no more than they list.
        const closed = wanted?.every((name) => !['everyday', 'search'].includes(name)) === true;
        if (toolset !== undefined || closed) expect(listed).toEqual(callable);
        for (const name of all.filter((each) => !callable.includes(each)))
          expect(catalogue.decide(who, entry(name), scope).reason).toMatch(/permission|toolset/);
      }),
    );
  });

  it('is the everyday tools for who chooses nothing, and all that rights allow for who wants all', () => {
    for (const role of ROLES) {
      const who = principal(role);
      expect(namesFor(who)).toEqual(callableFor(who).filter((name) => entry(name).spec.everyday));
      expect(namesFor(who)).toEqual(namesFor(who, scopeOf('/mcp?toolsets=everyday')));
      expect(namesFor(who, EVERYTHING)).toEqual(callableFor(who));
    }
    expect(namesFor(operator).length).toBeLessThan(all.length);
    // Where nothing finds what is left out, nothing is.
    const alone = new Catalogue(AGENTS, prefixed, { policies: builtIn });
    expect(alone.listFor(operator).map(({ name }) => name)).toEqual(all.slice(2));
  });

  it('with named sets is all of these, everyday or not, and with more sets all of each', () => {
    const identity = all.filter((name) => name.startsWith('sentinel_'));
    expect(namesFor(operator, scopeOf('/mcp?toolsets=identity'))).toEqual(identity);
    expect(namesFor(operator, scopeOf('/mcp?toolsets=identity,everyday'))).toEqual(
      all.filter((name) => identity.includes(name) || entry(name).spec.everyday),
    );
    expect(
      catalogue.decide(operator, entry('curator_fetch_dataset'), scopeOf('/mcp?toolsets=identity')).reason,
    ).toMatch(/not in this connection’s toolsets \(identity\)/);
  });

  it('begins with the tools that find tools, which only read', () => {
    const [search, describeTool] = catalogue.listFor(principal('citizen'));
    expect([search?.name, describeTool?.name]).toEqual(['search_tools', 'describe_tool']);
    expect(search?.annotations.readOnlyHint).toBe(true);
    const bound = principal('citizen', { toolset: ['chancellor_get_balance'] });
    expect(catalogue.listFor(bound).map(({ name }) => name)).toEqual(['chancellor_get_balance']);
  });

  it('says by which JSON Schema a schema is to be read only where its contract does', () => {
    const schemas = catalogue
      .listFor(operator, EVERYTHING)
      .flatMap(({ inputSchema, outputSchema }) => [inputSchema, outputSchema]);
    expect(schemas.filter((schema) => schema !== undefined && '$schema' in schema)).toEqual([]);
  });

  it('says the bounds of what is written, and none of what comes back', () => {
    const bounds = /"(?:pattern|maximum|minimum|maxLength|maxItems|default|additionalProperties":false)/;
    const tools = catalogue.listFor(operator, EVERYTHING);
    const saying = (schema: 'inputSchema' | 'outputSchema') =>
      tools.filter((tool) => bounds.test(JSON.stringify(tool[schema] ?? {}))).map(({ name }) => name);
    expect(saying('inputSchema')).toContain('chancellor_get_balance');
    expect(saying('outputSchema')).toEqual([]);
  });

  it('with search alone is the two that find the others, and these can be called', () => {
    const scope = scopeOf('/mcp?toolsets=search');
    expect(namesFor(operator, scope)).toEqual(['search_tools', 'describe_tool']);
    expect(catalogue.decide(operator, entry('chancellor_get_balance'), scope).decision).toBe(true);
    expect(catalogue.decide(principal('citizen'), entry('sentinel_audit_log_stream'), scope).decision).toBe(false);
  });

  it('marks the tools of an agent that is gone, and nothing else', () => {
    const down = new Set<string>();
    const live = new Catalogue(AGENTS, prefixed, { policies: builtIn, isUp: (agent) => !down.has(agent) });
    const before = live.listFor(operator);
    down.add('curator');
    const now = live.listFor(operator);
    expect(now.map(({ name }) => name)).toEqual(before.map(({ name }) => name));
    for (const [at, tool] of now.entries()) {
      if (tool.name.startsWith('curator_')) {
        expect(tool._meta).toEqual({ [UNAVAILABLE_META_KEY]: true });
        expect(tool.description).toMatch(/^\(Unavailable now: the curator is not running\.\) /);
      } else expect(tool).toBe(before[at]);
    }
    down.add('mechanic');
    // The same objects for the same tools: so it is seen that a list did not change.
    for (const [at, tool] of live.listFor(operator).entries())
      if (!tool.name.startsWith('mechanic_')) expect(tool).toBe(now[at]);
    down.clear();
    expect(live.listFor(operator)).toBe(before);
  });

  it('follows the policy: nothing that was known under another one is left', () => {
    const policies = { current: policyOf({}) };
    const live = new Catalogue(AGENTS, prefixed, { policies });
    const [ada, ben] = ['a', 'b'].map((end) =>
      principal('citizen', { walletId: `${operator.walletId.slice(0, -1)}${end}` }),
    );
    const namesOf = (who = ada) => (who === undefined ? [] : live.listFor(who).map(({ name }) => name));
    const everything = namesOf();
    const rule = { id: 'closed', description: 'Closed', deny: { agents: ['curator'] } };
    policies.current = policyOf({ rules: [rule] });
    const without = everything.filter((name) => !name.startsWith('curator_'));
    expect(namesOf()).toEqual(without);
    expect(ada && live.decide(ada, entry('curator_fetch_dataset')).rule).toBe('policy:closed');
    policies.current = policyOf({
      rules: [{ ...rule, deny: { agents: ['curator'], wallets: [ada?.walletId ?? ''] } }],
    });
    expect([namesOf(), namesOf(ben)]).toEqual([without, everything]);
    policies.current = policyOf({ rules: [{ ...rule, except: { wallets: [ada?.walletId ?? ''] } }] });
    expect([namesOf(), namesOf(ben)]).toEqual([everything, without]);
    policies.current = policyOf({});
    expect(namesOf()).toEqual(everything);
  });

  it('has every name once', () => {
    const [agent] = AGENTS;
    expect(agent && (() => new Catalogue([agent, agent], prefixed, { policies: builtIn }))).toThrow(
      /two tools have one name: curator_/,
    );
  });
});

describe('a search', () => {
  it.each([
    ['transfer money to another wallet', 'chancellor_execute_transaction'],
    ['convert csv to parquet', 'curator_transform_data_format'],
    ['is the database healthy', 'mechanic_get_system_health'],
    ['make a new token for a wallet', 'sentinel_generate_wallet_token'],
    ['follow the audit log live', 'sentinel_audit_log_stream'],
    ['prove that a call is in the audit log', 'sentinel_audit_proof'],
    ['ask a question about the documents', 'librarian_query_knowledge_base'],
    ['idempotencyKey', 'chancellor_execute_transaction'],
  ])('for "%s" finds %s first', (query, name) => {
    expect(found(query)[0]).toBe(name);
  });

  it('finds only what the caller may use here', () => {
    const query = 'audit log of wallet token dataset template health';
    fc.assert(
      fc.property(fc.constantFrom(...ROLES), fc.subarray(TOOLSET_NAMES, { minLength: 1 }), (role, sets) => {
        const who = principal(role);
        const scope = scopeOf(`/mcp?toolsets=${sets.join()}`);
        for (const name of found(query, caller(who, scope)))
          expect(catalogue.decide(who, entry(name), scope).decision).toBe(true);
      }),
    );
    expect(found('audit log')).toContain('sentinel_audit_log_stream');
    expect(found('audit log', caller(principal('citizen')))).not.toContain('sentinel_audit_log_stream');
    expect(found('the of and')).toEqual([]);
  });

  it('describes a tool with both schemas, and none that the caller may not use', () => {
    expect(own('describe_tool', { name: 'curator_fetch_dataset' })).toMatchObject({
      title: 'Read a dataset',
      inputSchema: { type: 'object' },
      outputSchema: { type: 'object' },
      unavailable: false,
    });
    expect(() => own('describe_tool', { name: 'nothing' })).toThrow(/no such tool/);
    const citizen = caller(principal('citizen'));
    expect(() => own('describe_tool', { name: 'sentinel_audit_log_stream' }, citizen)).toThrow(/audit:read/);
  });
});

describe('a member that is long', () => {
  const policyIn = ({ inputSchema }: ListedTool) => (inputSchema.properties as Record<string, object>).policy;

  it('is listed in brief where describe_tool has it in full, and in full elsewhere', () => {
    const short = policyIn(entry('sentinel_set_policy').listed);
    expect(short).toEqual({
      type: 'object',
      description: expect.stringMatching(/list_policies.* \(in full: describe_tool\)$/),
    });
    const described = own('describe_tool', { name: 'sentinel_set_policy' }) as unknown as ListedTool;
    expect(policyIn(described)).toHaveProperty('properties.rules.items.properties.deny');
    const alone = new Catalogue(AGENTS, prefixed, { policies: builtIn });
    expect(alone.find('sentinel_set_policy')?.listed.inputSchema).toEqual(described.inputSchema);
    const { permissions } = entry('sentinel_generate_wallet_token').listed.inputSchema.properties as Record<
      string,
      object
    >;
    expect(permissions).toMatchObject({ type: 'array', items: { type: 'string' } });
  });
});

describe('an address', () => {
  it('chooses toolsets, in any order, once each', () => {
    expect(scopeOf('/mcp')).toBeUndefined();
    expect(scopeOf('/mcp?other=1')).toBeUndefined();
    expect(scopeOf('/mcp?toolsets=jobs,data,data&toolsets=money')?.key).toBe('data,jobs,money');
  });

  it.each(['nope', 'data,nope', '', ',', 'DATA', '__proto__'])(
    'with "%s" is refused, and told what there is',
    (value) => {
      expect(() => scopeOf(`/mcp?toolsets=${value}`)).toThrow(/There are everyday, all, data, knowledge, money/);
    },
  );
});

describe('the schemas of a tool', () => {
  it('are made when somebody looks at it, and once', () => {
    let made = 0;
    const counted = z.string();
    counted._zod.toJSONSchema = () => {
      made += 1;
      return { type: 'string' };
    };
    const tools = {
      ask: defineTool({
        ...{ title: 'T', description: 'D', effect: 'read', permission: 'agent:read', errors: [], timeoutMs: 1_000 },
        input: z.object({ counted }),
        output: z.object({}),
      }),
    };
    const demo = defineAgent({ name: 'demo', title: 'D', description: 'D', tools });
    const offered = new Catalogue([demo], prefixed, { policies: builtIn, search: true });
    expect(offered.decide(operator, offered.find('demo_ask') as CatalogueEntry).decision).toBe(true);
    expect(made).toBe(0);
    for (let turn = 0; turn < 3; turn++)
      expect(offered.listFor(operator, EVERYTHING).at(-1)).toMatchObject({
        name: 'demo_ask',
        inputSchema: { properties: { counted: { type: 'string' } } },
      });
    expect(made).toBe(1);
  });
});
