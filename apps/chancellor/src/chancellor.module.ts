// Wiring of the Chancellor: contract, domain and events. No logic.

import { agentModule } from '@labmesh/agent';
import { chancellor, expandUri } from '@labmesh/contracts';
import { ResourceChanges } from '@labmesh/runtime';
import { Module } from '@nestjs/common';
import { chancellorEvents, chancellorListens } from './chancellor.events.js';
import { chancellorPrompts } from './chancellor.prompts.js';
import { chancellorResources } from './chancellor.resources.js';
import { chancellorTools } from './chancellor.tools.js';
import { CHANCELLOR_CONFIG, readChancellorConfig } from './config.js';
import { Genesis } from './ledger/genesis.js';
import { Ledger } from './ledger/ledger.js';
import { LedgerRepository } from './ledger/ledger.repository.js';
import { Wallets } from './wallets/wallets.js';
import { WalletsRepository } from './wallets/wallets.repository.js';

const walletUri = (id: string): string => expandUri(chancellor.resources.wallet.uri, { id });

@Module(
  agentModule(chancellor, {
    providers: [
      { provide: CHANCELLOR_CONFIG, useFactory: () => readChancellorConfig() },
      WalletsRepository,
      LedgerRepository,
      Wallets,
      Ledger,
      Genesis,
    ],
    tools: chancellorTools,
    resources: { inject: [Ledger], useFactory: chancellorResources },
    prompts: { inject: [], useFactory: chancellorPrompts },
    events: { listens: chancellorListens, inject: [Genesis, Wallets, ResourceChanges], useFactory: chancellorEvents },
    changes: {
      execute_transaction: ({ from, to, replayed }) =>
        replayed ? undefined : { uris: [walletUri(from), walletUri(to)] },
    },
    outbox: true,
  }),
)
export class ChancellorModule {}
