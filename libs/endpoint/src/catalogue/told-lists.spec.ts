// A change is news to those alone whose list it changes.
import { AGENTS, ROLE_PERMISSIONS, type Role } from '@labmesh/contracts';
import { builtIn, policyOf } from '@labmesh/identity/policy.testing';
import { expect, it } from 'vitest';
import { scopeWith, type ToolScope } from '../callers/toolset-scope.js';
import { Catalogue } from './catalogue.js';
import { prefixed } from './listing.js';
import { ToldLists } from './told-lists.js';

const principal = (role: Role) => ({
  walletId: 'wal_01920000-0000-7000-8000-000000000001',
  role,
  permissions: ROLE_PERMISSIONS[role],
  credentialId: 'c',
});

/** Whether each listener hears of it, in the order they were given. */
function listening(catalogue: Catalogue, listeners: ReadonlyArray<{ role: Role; scope?: ToolScope }>) {
  const told = new ToldLists();
  const listOf = ({ role, scope }: { role: Role; scope?: ToolScope }) => catalogue.listFor(principal(role), scope);
  for (const each of listeners) told.note(each, listOf(each));
  return () => listeners.map((each) => told.isNews(each, listOf(each)));
}

it('an agent that goes is news to who has a tool of it listed', () => {
  const down = new Set<string>();
  const catalogue = new Catalogue(AGENTS, prefixed, {
    policies: builtIn,
    search: true,
    isUp: (agent) => !down.has(agent),
  });
  const data = { role: 'operator', scope: scopeWith(['data']) } as const;
  const hear = listening(catalogue, [{ role: 'operator' }, { role: 'citizen' }, data]);
  expect(hear()).toEqual([false, false, false]);
  // A citizen may not look at the lab’s health.
  down.add('mechanic');
  expect(hear()).toEqual([true, false, false]);
  expect(hear()).toEqual([false, false, false]);
  down.add('curator');
  expect(hear()).toEqual([true, true, true]);
  down.clear();
  expect(hear()).toEqual([true, true, true]);
});

it('a policy is news to who has another list under it', () => {
  const policies = { current: policyOf({}) };
  const catalogue = new Catalogue(AGENTS, prefixed, { policies, search: true });
  const all = { role: 'operator', scope: scopeWith(['all']) } as const;
  const hear = listening(catalogue, [{ role: 'operator' }, { role: 'citizen' }, all]);
  // Not an everyday tool: only who lists everything sees that it is gone.
  const deny = { tools: ['sentinel_rotate_keys'] };
  policies.current = policyOf({ rules: [{ id: 'keys', description: 'Keys stay', deny }] });
  expect(hear()).toEqual([false, false, true]);
  policies.current = policyOf({ rules: [{ id: 'keys', description: 'Said otherwise', deny }] });
  expect(hear()).toEqual([false, false, false]);
});

it('what is not known is news, once', () => {
  const told = new ToldLists();
  const listener = {};
  expect([told.isNews(listener, []), told.isNews(listener, [])]).toEqual([true, false]);
});

it('whoever asked for a list while a change was not told yet hears of it all the same, and hears when it is as before', () => {
  const tools = (...names: string[]) => names.map((name) => named[name] as never);
  const named: Record<string, object> = { a: {}, b: {} };
  const [told, listener] = [new ToldLists(), {}];
  told.note(listener, tools('a'));
  told.note(listener, tools('a', 'b'));
  expect(told.isNews(listener, tools('a', 'b'))).toBe(true);
  expect(told.isNews(listener, tools('a', 'b'))).toBe(false);
  told.note(listener, tools('a'));
  expect(told.isNews(listener, tools('a', 'b'))).toBe(true);
});
