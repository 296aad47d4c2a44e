// What a draft of a policy is before the lab has seen it, and the lab's words about one.
import { describe, expect, it } from 'vitest';
import { permissionRows, problemsOf, readDraft, selectorParts } from './policy.js';

describe('readDraft', () => {
  it('takes an object and nothing else', () => {
    expect(readDraft('{"rules": []}')).toEqual({ ok: true, policy: { rules: [] } });
    for (const text of ['', '[]', 'null', '"policy"', '{"rules": [}']) expect(readDraft(text).ok, text).toBe(false);
  });
});

it('takes the lab’s words apart, one problem each', () => {
  const message = 'Cannot run sentinel_set_policy with this input: policy.rules.0.id: too long; note: expected string';
  expect(problemsOf(message)).toEqual(['policy.rules.0.id: too long', 'note: expected string']);
  expect(problemsOf('Cannot set this policy: version 3 is in force')).toEqual([
    'Cannot set this policy: version 3 is in force',
  ]);
});

it('lists each permission once', () => {
  const roles = [
    { role: 'citizen', permissions: ['wallet:read', 'audit:prove'] },
    { role: 'operator', permissions: ['audit:prove', 'audit:read'] },
  ];
  expect(permissionRows(roles)).toEqual(['audit:prove', 'audit:read', 'wallet:read']);
});

it('reads a selector part by part', () => {
  expect(selectorParts({ tools: ['a'], roles: ['citizen', 'researcher'] })).toEqual([
    { name: 'roles', values: ['citizen', 'researcher'] },
    { name: 'tools', values: ['a'] },
  ]);
});
