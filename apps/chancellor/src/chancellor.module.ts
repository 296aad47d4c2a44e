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
import { Delegations } from './governance/delegations.js';
import { Parameters } from './governance/parameters/parameters.js';
import { ParametersRepository } from './governance/parameters/parameters.repository.js';
import { Council } from './governance/proposals/council.js';
import { Governor } from './governance/proposals/governor.js';
import { ProposalsRepository } from './governance/proposals/proposals.repository.js';
import { VotesRepository } from './governance/proposals/votes.repository.js';
import { Genesis } from './ledger/genesis.js';
import { Ledger } from './ledger/ledger.js';
import { LedgerRepository } from './ledger/ledger.repository.js';
import { Wallets } from './wallets/wallets.js';
import { WalletsRepository } from './wallets/wallets.repository.js';

const walletUri = (id: string): string => expandUri(chancellor.resources.wallet.uri, { id });
const proposalUri = (id: string): string => expandUri(chancellor.resources.proposal.uri, { id });

@Module(
  agentModule(chancellor, {
    providers: [
      { provide: CHANCELLOR_CONFIG, useFactory: () => readChancellorConfig() },
      WalletsRepository,
      LedgerRepository,
      Wallets,
      Ledger,
      Genesis,
      ParametersRepository,
      ProposalsRepository,
      VotesRepository,
      Parameters,
      Governor,
      Council,
      Delegations,
    ],
    tools: chancellorTools,
    resources: { inject: [Ledger, Council], useFactory: chancellorResources },
    prompts: { inject: [], useFactory: chancellorPrompts },
    events: { listens: chancellorListens, inject: [Genesis, Wallets, ResourceChanges], useFactory: chancellorEvents },
    changes: {
      execute_transaction: ({ from, to, replayed }) =>
        replayed ? undefined : { uris: [walletUri(from), walletUri(to)] },
      cast_vote: ({ proposalId }) => ({ uris: [proposalUri(proposalId)] }),
      cancel_proposal: ({ proposalId }) => ({ uris: [proposalUri(proposalId)] }),
      queue_proposal: ({ proposalId }) => ({ uris: [proposalUri(proposalId)] }),
      execute_proposal: ({ proposalId }) => ({ uris: [proposalUri(proposalId)] }),
    },
    outbox: true,
  }),
)
export class ChancellorModule {}
