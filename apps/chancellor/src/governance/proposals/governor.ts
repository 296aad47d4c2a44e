// The governor: who may propose, vote, cancel, queue and execute, and when. It decides under the proposal's lock, and never moves money.
import { createHash } from 'node:crypto';
import {
  AppError,
  chancellor,
  microToAmount,
  type Principal,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { type ParameterValues, readChanges } from '../parameters/parameter-registry.js';
import { readBallot } from '../voting/ballot.js';
import {
  changesOf,
  countsForQuorum,
  later,
  type Proposal,
  type ProposedChange,
  type Standing,
  stateAt,
  verdictOf,
} from './proposal.js';
import { readDraft } from './proposal-draft.js';
import { type Execution, ProposalsRepository } from './proposals.repository.js';
import { type NewVote, VotesRepository } from './votes.repository.js';

type Tools = typeof chancellor.tools;

@Injectable()
export class Governor {
  constructor(
    @Inject(ProposalsRepository) private readonly proposals: ProposalsRepository,
    @Inject(VotesRepository) private readonly votes: VotesRepository,
  ) {}

  /** The proposal that the input names, or makes. Errors: those of `propose`; `invalid_input` when it does both. */
  async named(input: ToolInput<Tools['propose_dao_governance']>, caller: Principal): Promise<string> {
    const { proposalId, ...draft } = input;
    if (proposalId === undefined) return this.propose(draft, caller);
    if (Object.values(draft).every((value) => value === undefined)) return proposalId;
    throw new AppError(
      'invalid_input',
      `Cannot change ${proposalId}: a proposal stays as it is. Leave all else out to see it, or proposalId to make another.`,
    );
  }

  /** Makes a proposal; its id. Errors: `invalid_input`, `conflict` with too many open ones, `forbidden` with too little power. */
  async propose(input: ToolInput<Tools['propose_dao_governance']>, caller: Principal): Promise<string> {
    const draft = readDraft(input);
    const { idempotencyKey: key, ...asked } = input;
    const hash = createHash('sha256').update(JSON.stringify(asked)).digest();
    const who = { proposerId: caller.walletId, key, hash: Uint8Array.from(hash) };
    return this.proposals.create(who, ({ powerMicro, open, now, current, daoEnabled }) => {
      for (const changes of byChoice(draft.changes)) readChanges(changes, daoEnabled);
      const { values } = current;
      const thresholdMicro = values['governance.proposal_threshold'];
      if (powerMicro < thresholdMicro) throw tooLittlePower(powerMicro, thresholdMicro);
      if (BigInt(open) >= values['governance.open_proposals']) throw tooManyOpen(open);
      const snapshotAt = later(now, values['governance.voting_delay']);
      return {
        ...draft,
        thresholdMicro,
        snapshotAt,
        deadlineAt: later(snapshotAt, values['governance.voting_period']),
      };
    });
  }

  /** One vote of the caller's wallet. Errors: `not_found`, `conflict`, `invalid_input`, `forbidden` without power. */
  async castVote(input: ToolInput<Tools['cast_vote']>, caller: Principal): Promise<ToolOutput<Tools['cast_vote']>> {
    const { proposalId, reason = null, ...said } = input;
    const voter = { proposalId, walletId: caller.walletId, reason };
    const vote = await this.votes.cast(voter, ({ proposal, now }, powerMicro): NewVote => {
      refuseOutsideTheWindow(proposal, now);
      const ballot = readBallot(proposal.voting, proposal.choices.length, said);
      if (powerMicro <= 0n) throw noPower(proposal, caller.walletId);
      const countedMicro = countsForQuorum(proposal.voting, ballot, powerMicro);
      return { ballot, powerMicro, countedMicro, at: now, ...deadlineAfter(proposal, countedMicro, now) };
    });
    return {
      proposalId,
      power: microToAmount(vote.powerMicro),
      at: vote.at.toISOString(),
      votesUntil: vote.deadlineAt.toISOString(),
      extended: vote.extended,
    };
  }

  /** Errors: `not_found`, `conflict` when it has ended, `forbidden`. */
  async cancel(id: string, caller: Principal): Promise<ToolOutput<Tools['cancel_proposal']>> {
    const { proposal, now } = await this.proposals.step(id, (standing, proposerPowerMicro) => {
      const { state } = verdictOf(standing);
      if (state !== 'pending' && state !== 'active' && state !== 'succeeded' && state !== 'queued') {
        throw new AppError('conflict', `Cannot cancel ${id}: it is ${state}, and that is final.`);
      }
      const { proposerId, thresholdMicro } = standing.proposal;
      const asProposer = caller.walletId === proposerId && state === 'pending';
      if (!asProposer && proposerPowerMicro >= thresholdMicro && !caller.permissions.includes('dao:guard')) {
        throw new AppError(
          'forbidden',
          `Cannot cancel ${id}: it is ${state}. Its proposer may while it is pending, everybody once its proposer has less power than ${microToAmount(thresholdMicro)}, and the operator until it is executed.`,
        );
      }
      const payload = { proposalId: id, by: caller.walletId };
      return { set: { canceledAt: standing.now }, event: chancellor.events.proposal_canceled, payload };
    });
    return { proposalId: id, state: 'canceled', at: (proposal.canceledAt ?? now).toISOString() };
  }

  /** Errors: `not_found`, `conflict` unless it has succeeded and changes something. */
  async queue(id: string): Promise<ToolOutput<Tools['queue_proposal']>> {
    const { proposal, now } = await this.proposals.step(id, (standing) => {
      const { state, winner } = verdictOf(standing);
      if (state !== 'succeeded') throw notYet('queue', standing, state);
      if (changesOf(standing.proposal, winner).length === 0) {
        throw new AppError(
          'conflict',
          `Cannot queue ${id}: what has won changes no parameter, so there is nothing to execute.`,
        );
      }
      const { values } = standing.proposal.terms;
      const executableAt = later(standing.now, values['governance.timelock']);
      const expiresAt = later(executableAt, values['governance.execution_grace']);
      const [executableFrom, until] = [executableAt.toISOString(), expiresAt.toISOString()];
      return {
        set: { queuedAt: standing.now, executableAt, expiresAt },
        event: chancellor.events.proposal_queued,
        payload: { proposalId: id, executableFrom, expiresAt: until },
      };
    });
    const [executableFrom, expiresAt] = [proposal.executableAt ?? now, proposal.expiresAt ?? now];
    return {
      proposalId: id,
      state: 'queued',
      at: now.toISOString(),
      executableFrom: executableFrom.toISOString(),
      expiresAt: expiresAt.toISOString(),
    };
  }

  /** Errors: `not_found`, `conflict` unless it is queued and its waiting time is over, or when it was executed. */
  async execute(id: string): Promise<ToolOutput<Tools['execute_proposal']>> {
    let at = '';
    const parametersVersion = await this.proposals.execute(id, (standing, daoEnabled): Execution => {
      const { proposal, now } = standing;
      const { state, winner } = verdictOf(standing);
      if (state !== 'queued') throw notYet('execute', standing, state);
      if (proposal.executableAt === null || now < proposal.executableAt) {
        throw new AppError(
          'conflict',
          `Cannot execute ${id}: its waiting time lasts until ${proposal.executableAt?.toISOString() ?? 'it is queued'}. Come back then.`,
        );
      }
      at = now.toISOString();
      return { at: now, version: { changes: stillAllowed(proposal, winner, daoEnabled), by: id, proposalId: id } };
    });
    return { proposalId: id, state: 'executed', at, parametersVersion };
  }
}

/** Bounds are looked at again: they may be narrower than when it was proposed. */
function stillAllowed(proposal: Proposal, winner: number | undefined, daoEnabled: boolean): Partial<ParameterValues> {
  try {
    return readChanges(changesOf(proposal, winner), daoEnabled);
  } catch (cause) {
    const why = cause instanceof AppError ? cause.message : 'its changes cannot be read.';
    throw new AppError('conflict', `Cannot execute ${proposal.id}: what it sets is no longer allowed. ${why}`, {
      cause,
    });
  }
}

/** A quorum that is reached late gives everybody else time to answer. */
function deadlineAfter(proposal: Proposal, addedMicro: bigint, now: Date): Pick<NewVote, 'deadlineAt' | 'extended'> {
  const { quorumMicro = 0n, countedMicro, deadlineAt, extended, terms } = proposal;
  const reachesIt = countedMicro < quorumMicro && countedMicro + addedMicro >= quorumMicro;
  const least = later(now, terms.values['governance.late_quorum_extension']);
  return reachesIt && least > deadlineAt ? { deadlineAt: least, extended: true } : { deadlineAt, extended };
}

function refuseOutsideTheWindow(proposal: Proposal, now: Date): void {
  const { id, snapshotAt, deadlineAt } = proposal;
  // Whether it has passed makes no difference to a vote.
  const state = stateAt(now, proposal, () => false);
  if (state === 'active') return;
  if (state === 'canceled') throw new AppError('conflict', `Cannot vote on ${id}: it was canceled.`);
  const why =
    state === 'pending'
      ? `voting begins after ${snapshotAt.toISOString()}`
      : `voting ended at ${deadlineAt.toISOString()}`;
  throw new AppError('conflict', `Cannot vote on ${id}: ${why}, and it is ${now.toISOString()}.`);
}

function byChoice(changes: readonly ProposedChange[]): ProposedChange[][] {
  const choices = new Set(changes.map(({ choice }) => choice));
  return [...choices].map((choice) => changes.filter((change) => change.choice === choice));
}

const DONE: Readonly<Record<string, string>> = {
  executed: 'it was executed, and that happens once',
  expired: 'its time to be executed is over; propose it anew',
  canceled: 'it was canceled',
  defeated: 'it did not pass',
  succeeded: 'it has passed and is not queued; call queue_proposal first',
  queued: 'it is queued; execute_proposal is next',
};

const notYet = (what: string, { proposal }: Standing, state: string): AppError =>
  new AppError(
    'conflict',
    `Cannot ${what} ${proposal.id}: ${DONE[state] ?? `it is ${state}, and voting ends at ${proposal.deadlineAt.toISOString()}`}.`,
  );

const tooLittlePower = (hasMicro: bigint, needsMicro: bigint): AppError =>
  new AppError(
    'forbidden',
    `Cannot propose: you have a voting power of ${microToAmount(hasMicro)}, and a proposal needs ${microToAmount(needsMicro)}. Stake more, or have others delegate to you.`,
  );

const tooManyOpen = (open: number): AppError =>
  new AppError(
    'conflict',
    `Cannot propose: you have ${open} proposals that are pending or voted on, the most at once.`,
  );

const noPower = ({ id, snapshotAt }: Proposal, walletId: string): AppError =>
  new AppError(
    'forbidden',
    `Cannot vote on ${id}: at its snapshot, ${snapshotAt.toISOString()}, wallet ${walletId} had no voting power: nothing staked, or all of it delegated, and nothing delegated to it.`,
  );
