// Wiring of the Chancellor: contract, domain and events. No logic.

import { agentModule } from '@labmesh/agent';
import { type Call, chancellor, expandUri } from '@labmesh/contracts';
import { ResourceChanges } from '@labmesh/runtime';
import { Module } from '@nestjs/common';
import { chancellorBlobs } from './chancellor.blobs.js';
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
import { ExpiredHolds } from './ledger/expired-holds.js';
import { Genesis } from './ledger/genesis.js';
import { Holds } from './ledger/holds.js';
import { HoldsRepository } from './ledger/holds.repository.js';
import { Ledger } from './ledger/ledger.js';
import { LedgerRepository } from './ledger/ledger.repository.js';
import { OldStatements } from './ledger/old-statements.js';
import { StatementFiles } from './ledger/statement-files.repository.js';
import { Statements } from './ledger/statements.js';
import { StatementsRepository } from './ledger/statements.repository.js';
import { Verification } from './ledger/verification.repository.js';
import { workEvents, workListens } from './ledger/work.events.js';
import { Work } from './ledger/work.js';
import { EpochsRepository } from './rewards/epochs.repository.js';
import { FirstPool } from './rewards/first-pool.js';
import { RewardRules } from './rewards/reward-rules.js';
import { RewardSchedule } from './rewards/reward-schedule.js';
import { rewardEvents, rewardListens } from './rewards/rewards.events.js';
import { Rewards } from './rewards/rewards.js';
import { RewardsRepository } from './rewards/rewards.repository.js';
import { ReturningStakes } from './staking/returning-stakes.js';
import { Stakes } from './staking/stakes.js';
import { StakesRepository } from './staking/stakes.repository.js';
import { WalletStatuses } from './wallets/wallet-status.js';
import { Wallets } from './wallets/wallets.js';
import { WalletsRepository } from './wallets/wallets.repository.js';

const walletUri = (id: string): string => expandUri(chancellor.resources.wallet.uri, { id });
const proposalUri = (id: string): string => expandUri(chancellor.resources.proposal.uri, { id });

const moved = ({ from, to, replayed }: { from: string; to: string; replayed: boolean }) =>
  replayed ? undefined : { uris: [walletUri(from), walletUri(to)] };
const ownMoved = ({ principal }: Pick<Call, 'principal'>) => ({ uris: [walletUri(principal.walletId)] });

@Module(
  agentModule(chancellor, {
    providers: [
      { provide: CHANCELLOR_CONFIG, useFactory: () => readChancellorConfig() },
      WalletsRepository,
      LedgerRepository,
      StatementsRepository,
      StatementFiles,
      OldStatements,
      HoldsRepository,
      Wallets,
      WalletStatuses,
      Ledger,
      Statements,
      Holds,
      ExpiredHolds,
      Verification,
      Work,
      Genesis,
      ParametersRepository,
      ProposalsRepository,
      VotesRepository,
      Parameters,
      Governor,
      Council,
      Delegations,
      StakesRepository,
      Stakes,
      ReturningStakes,
      RewardsRepository,
      EpochsRepository,
      FirstPool,
      Rewards,
      RewardRules,
      RewardSchedule,
    ],
    tools: chancellorTools,
    resources: { inject: [Statements, Council], useFactory: chancellorResources },
    blobs: { inject: [StatementFiles], useFactory: chancellorBlobs },
    prompts: { inject: [], useFactory: chancellorPrompts },
    events: {
      listens: { ...chancellorListens, ...rewardListens, ...workListens },
      inject: [Genesis, Wallets, ResourceChanges, Rewards, Work],
      useFactory: (
        ...[genesis, wallets, changes, rewards, work]: [Genesis, Wallets, ResourceChanges, Rewards, Work]
      ) => ({
        ...chancellorEvents(genesis, wallets, changes),
        ...rewardEvents(rewards),
        ...workEvents(work, rewards),
      }),
    },
    changes: {
      execute_transaction: moved,
      reverse_transaction: moved,
      hold_transaction: moved,
      capture_hold: moved,
      release_hold: moved,
      stake: ({ replayed }, call) => (replayed ? undefined : ownMoved(call)),
      // Also when it is asked again: the money may have come back meanwhile.
      unstake: (_, call) => ownMoved(call),
      propose_dao_governance: () => ({ uris: [], listOf: null }),
      cast_vote: ({ proposalId }) => ({ uris: [proposalUri(proposalId)] }),
      cancel_proposal: ({ proposalId }) => ({ uris: [proposalUri(proposalId)] }),
      queue_proposal: ({ proposalId }) => ({ uris: [proposalUri(proposalId)] }),
      execute_proposal: ({ proposalId }) => ({ uris: [proposalUri(proposalId)] }),
    },
    outbox: true,
  }),
)
export class ChancellorModule {}
