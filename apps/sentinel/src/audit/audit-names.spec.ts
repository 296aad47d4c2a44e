// Names in filters: as records have them or as clients do; one that no record can have is refused with those there are.
import { AGENTS, AppError, gatewayName, operationsOf } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { callOf, newWalletId, principalOf } from '../open-sentinel.testing.js';
import type { AuditFilter } from './audit.repository.js';
import { AuditNames } from './audit-names.js';

const [ada, ben] = [newWalletId(), newWalletId()];
const ASKING = callOf(principalOf('operator'));
/** Of an earlier version of the lab, and of somebody who tried. */
const OLD: readonly AuditFilter[] = [
  { agent: 'alchemist', tool: 'brew' },
  { agent: 'curator', tool: 'no_such_tool', walletId: ben },
];

const names = new AuditNames(
  {
    holds: async (of) =>
      OLD.some((record) => Object.entries(of).every(([name, value]) => record[name as keyof AuditFilter] === value)),
  },
  {
    check: async (walletId) => {
      if (walletId !== undefined && walletId !== ada) throw new AppError('not_found', `there is no wallet ${walletId}`);
    },
  },
);
const known = (filter: AuditFilter): Promise<AuditFilter> => names.known(filter, ASKING);

describe('a filter', () => {
  it('is as it was for every name under which calls are recorded', async () => {
    for (const contract of AGENTS)
      for (const tool of [...Object.keys(contract.tools), ...operationsOf(contract).map((named) => named.tool)]) {
        const agent = contract.name;
        for (const filter of [{ tool }, { agent, tool }, { agent, tool, outcome: 'ok' as const }])
          expect(await known(filter)).toEqual(filter);
        expect(await known({ tool: gatewayName(agent, tool) })).toEqual({ agent, tool });
        expect(await known({ agent, tool: gatewayName(agent, tool) })).toEqual({ agent, tool });
      }
    for (const filter of [{}, { agent: 'gateway', tool: 'search_tools' }, { agent: 'endpoint', tool: 'authenticate' }])
      expect(await known(filter)).toEqual(filter);
    expect(await known({ walletId: ada, agent: 'alchemist', tool: 'brew' })).toMatchObject({ walletId: ada });
    expect(await known({ walletId: ben, tool: 'no_such_tool' })).toMatchObject({ tool: 'no_such_tool' });
  });

  it.each([
    [{ agent: 'curater' }, 'invalid_input', /no agent "curater".*: architect, chancellor, curator, endpoint, gateway,/],
    [{ agent: '' }, 'invalid_input', /no agent "".*architect/],
    [{ tool: 'fetch_datasets' }, 'invalid_input', /no tool "fetch_datasets".*curator_fetch_dataset/],
    [{ tool: 'curator_fetch_datasets' }, 'invalid_input', /no tool "curator_fetch_datasets"/],
    [
      { agent: 'curator', tool: 'audit_query' },
      'invalid_input',
      /the curator has no tool "audit_query".*fetch_dataset/,
    ],
    [{ agent: 'librarian', tool: 'no_such_tool' }, 'invalid_input', /the librarian has no tool/],
    [{ agent: 'sentinel', tool: 'curator_fetch_dataset' }, 'invalid_input', /a tool of the curator, not of "sentinel"/],
    [{ walletId: newWalletId() }, 'not_found', /there is no wallet wal_/],
    [{ from: '2027-01-02T00:00:00Z', to: '2027-01-01T00:00:00Z' }, 'invalid_input', /no time is from 2027-01-02/],
    [{ from: '2027-01-02T00:00:00Z', to: '2027-01-02T00:00:00.000Z' }, 'invalid_input', /no time is from/],
  ] as ReadonlyArray<[AuditFilter, string, RegExp]>)(
    '%j is refused with what there is',
    async (filter, code, message) => {
      await expect(known(filter)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    },
  );
});
