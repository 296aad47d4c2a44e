// What is shown of proposals: the state of one with everything that decides it, and lists of them. It changes nothing.
import {
  type chancellor,
  microToAmount,
  type Principal,
  type ProposalState,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { writeValue } from '../parameters/parameter-kind.js';
import { PARAMETERS, type ParameterName } from '../parameters/parameter-registry.js';
import { type ParameterSet, ParametersRepository } from '../parameters/parameters.repository.js';
import { floorOf } from '../voting/fraction.js';
import type { Score } from '../voting/ranking.js';
import { type ProposedChange, type Standing, type Verdict, verdictOf } from './proposal.js';
import { ProposalsRepository } from './proposals.repository.js';

type Tools = typeof chancellor.tools;
type View = ToolOutput<Tools['propose_dao_governance']>;
type Listed = ToolOutput<Tools['list_proposals']>;

/** Rows that are looked at for one page of a list, at most. */
const LOOKED_AT = 500;
const BATCH = 50;

@Injectable()
export class Council {
  constructor(
    @Inject(ProposalsRepository) private readonly proposals: ProposalsRepository,
    @Inject(ParametersRepository) private readonly parameters: ParametersRepository,
  ) {}

  /** A proposal as it stands, for this caller. AppError not_found. */
  async show(id: string, caller: Pick<Principal, 'walletId'>): Promise<View> {
    const standing = await this.proposals.find(id);
    const [current, powerMicro, voted] = await Promise.all([
      this.parameters.newest(),
      standing.proposal.quorumMicro === undefined
        ? undefined
        : this.proposals.powerAt(caller.walletId, standing.proposal.snapshotAt),
      this.proposals.hasVoted(id, caller.walletId),
    ]);
    return viewOf(standing, current, { powerMicro, voted });
  }

  /** The newest first. Looks at so many rows and no more: a page may be short, and its cursor goes on. */
  async list({ states, proposer, limit, cursor }: ToolInput<Tools['list_proposals']>): Promise<Listed> {
    const found: Listed['proposals'] = [];
    let below = cursor;
    for (let seen = 0; seen < LOOKED_AT; seen += BATCH) {
      const batch = await this.proposals.page(BATCH, below, proposer);
      for (const standing of batch) {
        const { state } = verdictOf(standing);
        if (wanted(states, state)) found.push(summaryOf(standing, state));
        below = standing.proposal.id;
        if (found.length === limit) return this.#pageOf(found, below, proposer);
      }
      if (batch.length < BATCH) return { proposals: found };
    }
    return this.#pageOf(found, below, proposer);
  }

  async #pageOf(
    proposals: Listed['proposals'],
    below: string | undefined,
    proposer: string | undefined,
  ): Promise<Listed> {
    const more = await this.proposals.page(1, below, proposer);
    return more.length === 0 || below === undefined ? { proposals } : { proposals, nextCursor: below };
  }
}

const wanted = (states: readonly ProposalState[] | undefined, state: ProposalState): boolean =>
  states === undefined || states.includes(state);

const summaryOf = ({ proposal }: Standing, state: ProposalState): Listed['proposals'][number] => ({
  proposalId: proposal.id,
  title: proposal.title,
  state,
  voting: proposal.voting,
  proposer: proposal.proposerId,
  createdAt: proposal.createdAt.toISOString(),
  votesUntil: proposal.deadlineAt.toISOString(),
});

function viewOf(
  standing: Standing,
  current: ParameterSet,
  own: { powerMicro: bigint | undefined; voted: boolean },
): View {
  const { proposal, ballots } = standing;
  const verdict = verdictOf(standing);
  const { winner, quorumReached, state } = verdict;
  const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
  return {
    ...summaryOf(standing, state),
    text: proposal.body,
    choices: choicesOf(standing, verdict),
    winner: winner === undefined ? null : winner + 1,
    changes: proposal.changes.map((change) => changeOf(change, current)),
    quorum: {
      needed: proposal.quorumMicro === undefined ? null : microToAmount(proposal.quorumMicro),
      counted: microToAmount(proposal.countedMicro),
      reached: quorumReached,
    },
    voters: Number(ballots.reduce((sum, { voters }) => sum + voters, 0n)),
    power: own.powerMicro === undefined ? null : microToAmount(own.powerMicro),
    voted: own.voted,
    timeline: {
      votesAfter: proposal.snapshotAt.toISOString(),
      extended: proposal.extended,
      queuedAt: iso(proposal.queuedAt),
      executableFrom: iso(proposal.executableAt),
      expiresAt: iso(proposal.expiresAt),
      executedAt: iso(proposal.executedAt),
      canceledAt: iso(proposal.canceledAt),
    },
  };
}

const choicesOf = ({ proposal: { choices, voting } }: Standing, { count: { scores } }: Verdict): View['choices'] =>
  choices.map((text, index) => {
    const score = scores[index];
    if (score === undefined) throw new Error(`choice ${index} of ${choices.length} was not counted`);
    const shown =
      voting === 'copeland' ? duelsOf(score) : { text: microToAmount(floorOf(score.value)), exact: isWhole(score) };
    return {
      number: index + 1,
      text,
      score: shown.text,
      ...(score.supportMicro === undefined ? {} : { support: microToAmount(score.supportMicro) }),
      ...(shown.exact && score.rounded === undefined ? {} : { rounded: true }),
    };
  });

const isWhole = ({ value: { below } }: Score): boolean => below === 1n;

/** Halves and wholes, so a digit after the point says it exactly. */
const duelsOf = ({ value: { above, below } }: Score) => ({
  text: below === 1n ? above.toString() : `${above / below}.5`,
  exact: true,
});

function changeOf({ choice, parameter, value }: ProposedChange, { values }: ParameterSet): View['changes'][number] {
  const known = Object.hasOwn(PARAMETERS, parameter);
  const name = parameter as ParameterName;
  return {
    choice: choice + 1,
    parameter,
    value,
    now: known ? writeValue(PARAMETERS[name].kind, values[name]) : 'none',
    meaning: known ? PARAMETERS[name].meaning : 'There is no such parameter any more.',
  };
}
