// The Chancellor's resources: contract to domain, nothing else. Whose wallet it is, the domain's rules know.
import { pageByName } from '@labmesh/agent';
import type { chancellor, ResourceHandlers } from '@labmesh/contracts';
import type { Council } from './governance/proposals/council.js';
import type { Statements } from './ledger/statements.js';

/** Transactions in the document of a wallet. */
const HISTORY = 50;

export const chancellorResources = (
  statements: Statements,
  council: Council,
): ResourceHandlers<typeof chancellor.resources> => ({
  wallet: {
    read: async ({ id }, call) => ({
      mimeType: 'application/json',
      text: JSON.stringify(await statements.balance({ walletId: id, limit: HISTORY }, call.principal), null, 2),
    }),
    list: (page, { principal: { walletId } }) =>
      pageByName([{ params: { id: walletId }, name: walletId, title: 'Your wallet' }], page),
    complete: (_argument, _value, { principal }) => [principal.walletId],
  },
  proposal: {
    read: async ({ id }, call) => ({
      mimeType: 'application/json',
      text: JSON.stringify(await council.show(id, call.principal), null, 2),
    }),
    list: async ({ cursor, limit }) => {
      const { proposals, nextCursor } = await council.list({ limit, cursor });
      return {
        items: proposals.map(({ proposalId, title }) => ({ params: { id: proposalId }, name: proposalId, title })),
        ...(nextCursor === undefined ? {} : { nextCursor }),
      };
    },
  },
});
