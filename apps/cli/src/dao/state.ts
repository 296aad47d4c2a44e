// How a proposal's state is shown, and what may be done next about it.
import type { chancellor, ProposalState } from '@labmesh/contracts';
import type { z } from 'zod';
import type { Style } from '../output/table.js';

export type Proposal = z.output<typeof chancellor.tools.propose_dao_governance.output>;

export const STATE_STYLES: Readonly<Record<ProposalState, Style>> = {
  pending: 'dim',
  active: 'yellow',
  canceled: 'dim',
  defeated: 'red',
  succeeded: 'green',
  queued: 'yellow',
  expired: 'dim',
  executed: 'green',
};

/** The next step, where there is one for this caller. */
export function nextStep({ proposalId, state, voted, power, changes, timeline, voting }: Proposal): string | undefined {
  const run = (words: string): string => `npx @labmesh/cli dao ${words}`;
  switch (state) {
    case 'pending':
      return `Voting begins after ${timeline.votesAfter}.`;
    case 'active':
      if (voted) return 'You have voted.';
      if (power === null || Number(power) === 0) return 'You have no voting power here.';
      return `Vote: ${run(`vote ${proposalId} ${voting === 'basic' ? 'for' : '…'}`)}`;
    case 'succeeded':
      return changes.length === 0 ? undefined : `Queue it: ${run(`queue ${proposalId}`)}`;
    case 'queued':
      return `From ${timeline.executableFrom} on: ${run(`execute ${proposalId}`)}`;
    default:
      return undefined;
  }
}
