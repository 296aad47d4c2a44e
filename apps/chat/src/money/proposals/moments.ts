// The moments of a proposal's life in order, each past, now or to come.
import type { Proposal } from './proposal.js';

export interface Moment {
  readonly name: string;
  /** Undefined while nobody can know it. */
  readonly at: string | undefined;
  readonly when: 'past' | 'now' | 'future';
  readonly note?: string;
}

const ENDED = new Set(['defeated', 'canceled', 'expired']);

export function momentsOf(proposal: Proposal, nowMs: number): readonly Moment[] {
  const { state, createdAt, votesUntil, changes, timeline } = proposal;
  const { votesAfter, extended, canceledAt } = timeline;
  const past = (at: string): boolean => Date.parse(at) <= nowMs;
  const moments: Moment[] = [{ name: 'Proposed', at: createdAt, when: 'past' }];
  if (canceledAt !== null) {
    if (past(votesAfter) && Date.parse(votesAfter) < Date.parse(canceledAt))
      moments.push({ name: 'Snapshot, voting began', at: votesAfter, when: 'past' });
    return [...moments, { name: 'Canceled', at: canceledAt, when: 'now' }];
  }
  moments.push({
    name: 'Snapshot, voting begins',
    at: votesAfter,
    when: state === 'pending' ? 'now' : 'past',
    ...(state === 'pending' ? { note: 'Stakes and delegations count as they are then' } : {}),
  });
  moments.push({
    name: 'Voting ends',
    at: votesUntil,
    when: state === 'active' ? 'now' : state === 'pending' ? 'future' : 'past',
    ...(extended ? { note: 'Extended: the quorum came late' } : {}),
  });
  if (state === 'defeated') return [...moments, { name: 'Defeated', at: votesUntil, when: 'now' }];
  return changes.length === 0
    ? moments.concat(state === 'succeeded' ? [{ name: 'Succeeded', at: votesUntil, when: 'now' }] : [])
    : [...moments, ...executionOf(proposal)];
}

/** The way from a vote that has passed to what it changes. */
function executionOf({ state, timeline: { queuedAt, executableFrom, expiresAt, executedAt } }: Proposal): Moment[] {
  const done = state === 'executed' || ENDED.has(state);
  const queued: Moment =
    queuedAt === null
      ? {
          name: 'Queued',
          at: undefined,
          when: state === 'succeeded' ? 'now' : 'future',
          note: 'Anybody may, once it has passed',
        }
      : { name: 'Queued', at: queuedAt, when: 'past' };
  const open: Moment = {
    name: 'May be executed',
    at: executableFrom ?? undefined,
    when: state === 'queued' ? 'now' : done ? 'past' : 'future',
    ...(executableFrom === null ? { note: 'After the waiting time' } : {}),
  };
  const end: Moment =
    executedAt !== null
      ? { name: 'Executed', at: executedAt, when: 'now' }
      : {
          name: state === 'expired' ? 'Expired' : 'Expires',
          at: expiresAt ?? undefined,
          when: state === 'expired' ? 'now' : 'future',
          ...(expiresAt === null ? { note: 'Unless it is executed' } : {}),
        };
  return [queued, open, end];
}
