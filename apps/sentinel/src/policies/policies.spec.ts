// Setting policies on a real database: versions, going back, what is refused, and who learns of it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { POLICY_SUBJECT } from '@labmesh/bus';
import { PERMISSIONS, Policy, type Principal, sentinel } from '@labmesh/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';

let world: World;
let lab: ReturnType<typeof replica>;
let operator: Principal;
beforeAll(async () => {
  world = await openWorld();
  lab = replica(world);
  await lab.keys.onModuleInit();
  await lab.operator.onApplicationBootstrap();
  operator = lab.operator.principal();
});
afterAll(async () => {
  lab.broadcast.onModuleDestroy();
  await world.close();
});

type Input = Partial<Parameters<typeof lab.policySetting.set>[0]>;
const set = (input: Input, by = lab) =>
  by.policySetting.set({ note: 'Test', dryRun: false, sinceHours: 24, ...input }, callOf(operator));
const list = (input: Partial<Parameters<typeof lab.policyList.list>[0]> = {}) =>
  lab.policyList.list({ limit: 20, ...input });
const policy = (document: object): Policy => Policy.parse(document);
const noWrites = { id: 'no-writes', description: 'Moving', deny: { permissions: ['dataset:write'] } };
const inForce = async (): Promise<number> => (await list()).inForce;
const refused = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) as string });

describe('set_policy', () => {
  it('puts a new version in force here at once, and tells the others the whole of it', async () => {
    expect(await list()).toMatchObject({ inForce: 0, versions: [{ version: 0, changes: [] }] });
    const before = await inForce();
    const roles = { citizen: ['dataset:read', 'agent:read', 'knowledge:write'] };
    const answer = await set({ policy: policy({ roles, rules: [noWrites] }), note: 'Moving house' });
    expect(answer).toMatchObject({ version: before + 1, set: true });
    expect(answer.changes).toContain('citizen gains knowledge:write');
    expect(answer.changes).toContain('rule no-writes added: denies permissions dataset:write');
    const citizen = answer.tools.find(({ role }) => role === 'citizen');
    expect(citizen?.gained).toContain('librarian_log_new_solution');
    expect(citizen?.lost).toContain('chancellor_get_balance');
    expect(answer.tools.find(({ role }) => role === 'operator')?.lost).toContain('curator_submit_dataset');
    expect(lab.policies.current.version).toBe(answer.version);
    expect(lab.heard.at(-1)).toMatchObject({
      subject: POLICY_SUBJECT,
      body: { version: answer.version, policy: { rules: [noWrites] } },
    });
    expect(sentinel.tools.set_policy.output.safeParse(answer).success).toBe(true);
  });

  it('changes nothing when the policy in force says the same', async () => {
    const { inForce: version, shown } = await list();
    expect(await set({ policy: Policy.parse(shown.policy) })).toEqual({ version, set: false, changes: [], tools: [] });
    expect(await inForce()).toBe(version);
  });

  it('refuses what was made from another version than the one in force', async () => {
    const version = await inForce();
    const lost = set({ policy: policy({}), baseVersion: version - 1 });
    await expect(lost).rejects.toMatchObject(refused('conflict', /made from version/));
    await expect(set({ policy: policy({}), baseVersion: version + 1 })).rejects.toMatchObject({ code: 'conflict' });
    expect((await set({ policy: policy({ rules: [noWrites] }), baseVersion: version })).version).toBe(version + 1);
  });

  it('goes back to any version, the built-in one too, as a new version', async () => {
    const { inForce: version, shown } = await list();
    const back = await set({ restore: 0 });
    expect(back).toMatchObject({ version: version + 1, set: true });
    expect(lab.policies.current.key).toBe(replica(world).policies.current.key);
    expect(await set({ restore: version })).toMatchObject({ version: version + 2 });
    expect((await list()).shown.policy).toEqual(shown.policy);
    expect((await list()).versions[0]).toMatchObject({ restored: version, by: operator.walletId });
    await expect(set({ restore: 1_000 })).rejects.toMatchObject(refused('not_found', /there is none/));
  });

  it('cannot be changed or taken away afterwards', async () => {
    for (const sql of ['UPDATE sentinel.policies SET note = $1', 'DELETE FROM sentinel.policies WHERE note <> $1'])
      await expect(world.database.pool.query(sql, ['x'])).rejects.toThrow(/append-only/);
  });

  it.each<[string, object, RegExp]>([
    ['takes the right to set it from the operator', { roles: { operator: ['policy:read'] } }, /takes policy:write/],
    ['gives it to others', { roles: { developer: ['policy:write'] } }, /gives policy:write to developer/],
    ['denies everything', { rules: [{ ...noWrites, deny: { agents: ['sentinel'] } }] }, /Except the role operator/],
    ['denies the tool', { rules: [{ ...noWrites, deny: { tools: ['sentinel_set_policy'] } }] }, /policy:no-writes/],
    ['denies the look', { rules: [{ ...noWrites, deny: { permissions: ['policy:read'] } }] }, /list_policies/],
    ['denies the role', { rules: [{ ...noWrites, deny: { roles: ['operator'] } }] }, /to the operator/],
    ['has two rules of one name', { rules: [noWrites, noWrites] }, /two rules are called no-writes/],
    ['speaks of no tool', { rules: [{ ...noWrites, deny: { tools: ['curator_fetch'] } }] }, /speaks of curator_fetch/],
    ['speaks of no agent', { rules: [{ ...noWrites, deny: { agents: ['nobody'] } }] }, /speaks of nobody/],
  ])('refuses a policy that %s', async (_what, document, message) => {
    const version = await inForce();
    await expect(set({ policy: policy(document) })).rejects.toMatchObject(refused('invalid_input', message));
    await expect(set({ policy: policy(document), dryRun: true })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await inForce()).toBe(version);
  });

  it('refuses a rule about the operator’s very wallet, and takes one that excepts the operator', async () => {
    const own = { ...noWrites, deny: { wallets: [operator.walletId] } };
    await expect(set({ policy: policy({ rules: [own] }) })).rejects.toMatchObject(refused('invalid_input', /operator/));
    const others = { ...noWrites, deny: { agents: ['sentinel'] }, except: { roles: ['operator'] } };
    expect((await set({ policy: policy({ rules: [others] }) })).set).toBe(true);
    const reads = { id: 'reads', description: 'D', deny: { tools: ['curator_dataset:read'] } };
    expect((await set({ policy: policy({ rules: [reads] }) })).set).toBe(true);
  });

  it('refuses one that is too long to travel', async () => {
    const wallets = Array.from({ length: 500 }, () => principalOf('citizen').walletId);
    const rules = [1, 2, 3, 4].map((at) => ({ ...noWrites, id: `long-${at}`, deny: { wallets } }));
    await expect(set({ policy: policy({ rules }) })).rejects.toMatchObject(refused('too_large', /65536 are the most/));
    const many = Array.from({ length: 201 }, (_, at) => ({ ...noWrites, id: `r${at}` }));
    expect(Policy.safeParse({ rules: many }).success).toBe(false);
    expect(Policy.safeParse({ rules: [{ ...noWrites, deny: {} }] }).success).toBe(false);
    expect(Policy.safeParse({ rules: [{ ...noWrites, deny: { roles: [], wallet: ['x'] } }] }).success).toBe(false);
  });
});

it('the policy that the docs show can be set', async () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/policies.md'), 'utf8');
  const shown = /```json\n(\{[\s\S]*?\n\})\n```/.exec(text)?.[1] ?? '';
  expect(await set({ policy: policy(JSON.parse(shown) as object) })).toMatchObject({ set: true });
});

describe('a replica that did not set it', () => {
  it('learns it from the database, at its start, when asked, and when told', async () => {
    const late = replica(world);
    expect(late.policies.current.version).toBe(0);
    await late.inForce.onModuleInit();
    expect(late.policies.current.version).toBe(await inForce());
    const { version } = await set({ policy: policy({ rules: [noWrites] }) });
    expect(late.policies.current.version).toBeLessThan(version);
    expect(await late.inForce.get()).toMatchObject({ version, policy: { rules: [noWrites] } });
    expect(late.policies.current.version).toBe(version);
    expect((await set({ restore: 0 }, late)).version).toBe(version + 1);
    await lab.inForce.announce();
    expect(lab.policies.current.version).toBe(version + 1);
  });

  it('looks by itself where others may set one too, and reminds them of the number', async () => {
    const late = replica({ ...world, database: { ...world.database, kind: 'postgres' } });
    late.inForce.onApplicationBootstrap();
    try {
      const { version } = await set({ policy: policy({ rules: [noWrites] }) });
      await expect.poll(() => late.policies.current.version).toBe(version);
      const reminder = { subject: POLICY_SUBJECT, body: { version } };
      await expect.poll(() => late.heard).toContainEqual(reminder);
    } finally {
      late.inForce.onModuleDestroy();
    }
  });
});

describe('list_policies', () => {
  it('gives each version whole, and says who, when, why and what differs', async () => {
    const roles = { validator: [...PERMISSIONS].filter((permission) => permission !== 'policy:write') };
    const { version } = await set({ policy: policy({ roles, anomalies: { content: 'block' } }), note: 'A try' });
    const answer = await list({ version });
    expect(Policy.parse(answer.shown.policy).roles.validator).toEqual(roles.validator);
    expect(answer.permissions.find(({ role }) => role === 'validator')?.permissions).toContain('audit:read');
    const [newest] = answer.versions;
    expect(newest).toMatchObject({ version, note: 'A try', by: operator.walletId, at: expect.any(String) });
    expect(newest?.changes.join('\n')).toMatch(
      /validator gains access:evaluate, .*\nrule no-writes removed: .*\nanomalies: content is block, was record$/,
    );
    expect(sentinel.tools.list_policies.output.safeParse(answer).success).toBe(true);
    await expect(list({ version: version + 1 })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('goes through all of them page by page, down to the built-in one', async () => {
    const all = (await list({ limit: 100 })).versions;
    const seen: typeof all = [];
    let before: number | undefined;
    for (let pages = 0; pages < 100; pages++) {
      const page = await list({ limit: 3, ...(before === undefined ? {} : { before }) });
      seen.push(...page.versions);
      before = page.nextBefore;
      if (before === undefined) break;
    }
    expect(seen).toEqual(all);
    expect(seen.map(({ version }) => version)).toEqual(seen.map((_, at) => seen.length - 1 - at));
  });
});
