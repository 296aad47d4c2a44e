// What the Chancellor listens to. A listener resolves only when its effect is durable, and may run twice.
import { chancellor, expandUri, type Listeners, sentinel } from '@labmesh/contracts';
import type { ResourceChanges } from '@labmesh/runtime';
import type { Genesis } from './ledger/genesis.js';
import type { Wallets } from './wallets/wallets.js';

export const chancellorListens = {
  operator_enrolled: sentinel.events.operator_enrolled,
  role_set: sentinel.events.role_set,
};

export const chancellorEvents = (
  genesis: Genesis,
  wallets: Wallets,
  changes: Pick<ResourceChanges, 'tell'>,
): Listeners<typeof chancellorListens> => ({
  operator_enrolled: ({ walletId }) => genesis.enrol(walletId),
  role_set: async (change) => {
    if (await wallets.changeRole(change))
      changes.tell({ uris: [expandUri(chancellor.resources.wallet.uri, { id: change.walletId })] });
  },
});
