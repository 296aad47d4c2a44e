// The Chancellor's resources: contract to domain, nothing else. Whose wallet it is, the ledger's rules know.
import type { chancellor, ResourceHandlers } from '@labmesh/contracts';
import type { Ledger } from './ledger/ledger.js';

/** Transactions in the document of a wallet. */
const HISTORY = 50;

export const chancellorResources = (ledger: Ledger): ResourceHandlers<typeof chancellor.resources> => ({
  wallet: {
    read: async ({ id }, call) => ({
      mimeType: 'application/json',
      text: JSON.stringify(await ledger.balance({ walletId: id, limit: HISTORY }, call.principal), null, 2),
    }),
    list: (_page, { principal }) => ({
      items: [{ params: { id: principal.walletId }, name: principal.walletId, title: 'Your wallet' }],
    }),
    complete: (_argument, _value, { principal }) => [principal.walletId],
  },
});
