// What a proposal is, and where it stands: pure functions of its times, its terms and its ballots, as OpenZeppelin's Governor has them.
import type { ProposalState, VotingSystem } from '@labmesh/contracts';
import type { ParameterSet } from '../parameters/parameters.repository.js';
import { AGAINST, FOR } from '../voting/ballot.js';
import { countBallots, winnerOf } from '../voting/count.js';
import { compared, fraction, ZERO } from '../voting/fraction.js';
import type { Ballots, Count } from '../voting/ranking.js';

export interface ProposedChange {
  /** Index of the choice that carries it; of a basic vote, `for`. */
  readonly choice: number;
  readonly parameter: string;
  readonly value: string;
}

export interface Timeline {
  /** The last moment before voting. */
  readonly snapshotAt: Date;
  /** The last moment of voting. */
  readonly deadlineAt: Date;
  readonly canceledAt: Date | null;
  readonly queuedAt: Date | null;
  /** The first moment of execution. */
  readonly executableAt: Date | null;
  /** The first moment when it can no longer be executed. */
  readonly expiresAt: Date | null;
  readonly executedAt: Date | null;
}

export interface Proposal extends Timeline {
  readonly id: string;
  readonly proposerId: string;
  readonly title: string;
  readonly body: string;
  readonly voting: VotingSystem;
  readonly choices: readonly string[];
  readonly changes: readonly ProposedChange[];
  /** Voting power that its proposer needed, micro-$webxos. */
  readonly thresholdMicro: bigint;
  readonly createdAt: Date;
  /** The parameters of its snapshot; until then, those in force. */
  readonly terms: ParameterSet;
  /** Of its snapshot; undefined until then. */
  readonly quorumMicro: bigint | undefined;
  readonly extended: boolean;
  /** Power of the votes that count for the quorum. */
  readonly countedMicro: bigint;
}

/** A proposal with its ballots, at one moment. */
export interface Standing {
  readonly proposal: Proposal;
  readonly ballots: readonly Ballots[];
  readonly now: Date;
}

/** The state at a moment. `passed` is asked only when voting is over and nothing was done since. */
export function stateAt(now: Date, timeline: Timeline, passed: () => boolean): ProposalState {
  const { executedAt, canceledAt, snapshotAt, deadlineAt, queuedAt, expiresAt } = timeline;
  if (executedAt !== null) return 'executed';
  if (canceledAt !== null) return 'canceled';
  if (now <= snapshotAt) return 'pending';
  if (now <= deadlineAt) return 'active';
  if (queuedAt !== null) return expiresAt !== null && now >= expiresAt ? 'expired' : 'queued';
  return passed() ? 'succeeded' : 'defeated';
}

export interface Verdict {
  readonly count: Count;
  /** Index of the choice that leads alone. */
  readonly winner: number | undefined;
  readonly quorumReached: boolean;
  readonly state: ProposalState;
}

export function verdictOf({ proposal, ballots, now }: Standing): Verdict {
  const { voting, choices, countedMicro, quorumMicro, terms } = proposal;
  const count = countBallots(voting, choices.length, ballots);
  const winner = voting === 'basic' ? basicWinner(count, terms.values['governance.approval']) : winnerOf(count);
  const quorumReached = quorumMicro !== undefined && countedMicro >= quorumMicro;
  const wins = voting === 'basic' ? winner === FOR : winner !== undefined;
  return { count, winner, quorumReached, state: stateAt(now, proposal, () => quorumReached && wins) };
}

/** `for` needs more than its part of for and against; else `against`, if it has more. Abstaining wins nothing. */
function basicWinner({ scores }: Count, approvalBasisPoints: bigint): number | undefined {
  const [inFavour, against] = [scores[FOR]?.value ?? ZERO, scores[AGAINST]?.value ?? ZERO];
  const all = inFavour.above + against.above;
  if (compared(inFavour, fraction(all * approvalBasisPoints, 10_000n)) > 0) return FOR;
  return compared(against, inFavour) > 0 ? AGAINST : undefined;
}

/** The part of all stakes that has to vote, rounded up. */
export const quorumOf = (totalMicro: bigint, basisPoints: bigint): bigint =>
  (totalMicro * basisPoints + 9_999n) / 10_000n;

/** What a vote adds to the quorum: `against` speaks, and is not asked for (OpenZeppelin's simple counting). */
export const countsForQuorum = (voting: VotingSystem, ballot: readonly number[], powerMicro: bigint): bigint =>
  voting === 'basic' && ballot[0] === AGAINST ? 0n : powerMicro;

/** What an execution would set: the changes of the choice that has won. */
export const changesOf = ({ changes }: Proposal, winner: number | undefined): readonly ProposedChange[] =>
  changes.filter(({ choice }) => choice === winner);

export const later = (at: Date, seconds: bigint): Date => new Date(at.getTime() + Number(seconds) * 1_000);
