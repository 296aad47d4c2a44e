// What the Chancellor listens to. A listener resolves only when its effect is durable, and may run twice.
import { type Listeners, sentinel } from '@labmesh/contracts';
import type { Genesis } from './ledger/genesis.js';

export const chancellorListens = { operator_enrolled: sentinel.events.operator_enrolled };

export const chancellorEvents = (genesis: Genesis): Listeners<typeof chancellorListens> => ({
  operator_enrolled: ({ walletId }) => genesis.enrol(walletId),
});
