// The intersection rule: no wish gives more than the caller has and the wallet's role allows.
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES, type Role } from '@labmesh/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { principalOf } from '../open-sentinel.testing.js';
import { type OfRole, weigh } from './grant.js';

const all = (role: Role): OfRole => ({ role, permissions: ROLE_PERMISSIONS[role] });

const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error;

describe('weigh', () => {
  it('gives the most that is allowed when nothing is asked for', () => {
    expect(weigh({ kind: 'access' }, principalOf('researcher'), all('researcher'))).toEqual({
      permissions: [...ROLE_PERMISSIONS.researcher],
      ttlSeconds: 3_600,
    });
    expect(weigh({ kind: 'client_key' }, principalOf('operator'), all('citizen'))).toEqual({
      permissions: [...ROLE_PERMISSIONS.citizen],
      ttlSeconds: 7_776_000,
    });
  });

  it('refuses permissions beyond the role, and beyond the caller, and names them', () => {
    const operator = principalOf('operator');
    expect(() =>
      weigh({ kind: 'access', permissions: ['audit:read', 'dataset:read'] }, operator, all('citizen')),
    ).toThrow(refused('forbidden', /role citizen does not have audit:read\./));
    const narrow = principalOf('researcher', { permissions: ['token:create', 'dataset:read'] });
    expect(() => weigh({ kind: 'access', permissions: ['dataset:write'] }, narrow, all('researcher'))).toThrow(
      refused('forbidden', /own token does not carry dataset:write/),
    );
    expect(weigh({ kind: 'access' }, narrow, all('researcher')).permissions).toEqual(['dataset:read', 'token:create']);
  });

  it('hands a toolset on, and lets it shrink only', () => {
    const bound = principalOf('citizen', { toolset: ['curator_fetch_dataset', 'chancellor_get_balance'] });
    expect(weigh({ kind: 'access' }, bound, all('citizen')).toolset).toEqual([
      'curator_fetch_dataset',
      'chancellor_get_balance',
    ]);
    expect(weigh({ kind: 'access', toolset: ['chancellor_get_balance'] }, bound, all('citizen')).toolset).toEqual([
      'chancellor_get_balance',
    ]);
    expect(() => weigh({ kind: 'access', toolset: ['sentinel_generate_wallet_token'] }, bound, all('citizen'))).toThrow(
      refused('forbidden', /toolset does not have sentinel_generate_wallet_token/),
    );
    const free = principalOf('citizen');
    expect(weigh({ kind: 'access' }, free, all('citizen'))).not.toHaveProperty('toolset');
    expect(
      weigh({ kind: 'access', toolset: ['chancellor_get_balance', 'chancellor_get_balance'] }, free, all('citizen'))
        .toolset,
    ).toHaveLength(1);
  });

  it.each(['fetch_dataset', 'curator_route_data_to_agent', 'nope'])(
    'refuses a toolset with %s, which no program can call',
    (name) => {
      expect(() => weigh({ kind: 'access', toolset: [name] }, principalOf('citizen'), all('citizen'))).toThrow(
        refused('invalid_input', new RegExp(name)),
      );
    },
  );

  it('refuses a life beyond the kind’s', () => {
    const caller = principalOf('citizen');
    expect(() => weigh({ kind: 'access', ttlSeconds: 3_601 }, caller, all('citizen'))).toThrow(
      refused('invalid_input', /3600 s/),
    );
    expect(weigh({ kind: 'client_key', ttlSeconds: 3_601 }, caller, all('citizen')).ttlSeconds).toBe(3_601);
  });

  it('never gives more than caller and role, whatever is asked', () => {
    const permissions = fc.subarray([...PERMISSIONS]);
    const role = fc.constantFrom(...ROLES);
    fc.assert(
      fc.property(
        role,
        permissions,
        role,
        fc.option(permissions, { nil: undefined }),
        (callerRole, held, walletRole, wished) => {
          const caller = principalOf(callerRole, { permissions: held });
          const allowed = ROLE_PERMISSIONS[walletRole].filter((permission) => held.includes(permission));
          let given: readonly string[] = [];
          try {
            given = weigh({ kind: 'access', permissions: wished }, caller, all(walletRole)).permissions;
            expect(given).toEqual(allowed.filter((permission) => wished?.includes(permission) ?? true));
          } catch (error) {
            expect(error).toMatchObject({ code: 'forbidden' });
            expect(wished?.every((permission) => allowed.includes(permission))).toBe(false);
          }
        },
      ),
    );
  });
});
