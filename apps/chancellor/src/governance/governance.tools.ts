// The Chancellor's tools for governance: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { chancellorParts, Handlers } from '@labmesh/contracts';
import { Delegations } from './delegations.js';
import { Parameters } from './parameters/parameters.js';
import { Council } from './proposals/council.js';
import { Governor } from './proposals/governor.js';

export const governanceTools = handlersOf(
  [Governor, Council, Parameters, Delegations],
  (governor, council, parameters, delegations): Handlers<typeof chancellorParts.governance> => ({
    propose_dao_governance: async (input, { principal }) =>
      council.show(await governor.named(input, principal), principal),
    cast_vote: (input, { principal }) => governor.castVote(input, principal),
    delegate_votes: ({ to }, { principal }) => delegations.set(principal.walletId, to),
    cancel_proposal: ({ proposalId }, { principal }) => governor.cancel(proposalId, principal),
    queue_proposal: ({ proposalId }) => governor.queue(proposalId),
    execute_proposal: ({ proposalId }) => governor.execute(proposalId),
    list_proposals: (input) => council.list(input),
    get_parameters: (input) => parameters.describe(input),
    set_parameters: ({ changes }, { principal }) => parameters.set(changes, principal),
    enable_dao: (_input, { principal }) => parameters.enableDao(principal),
  }),
);
