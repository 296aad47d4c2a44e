// Votes and delegations as rows. A vote is stored under its proposal's lock, so one counts and the sum is right whoever votes at once.
import { AppError, chancellor, microToAmount } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, Outbox, type Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { clockOf } from '../clock.repository.js';
import { refuseUnlessOpen } from '../open-wallet.repository.js';
import type { Standing } from './proposal.js';
import { lockToVote, votingPowerAt } from './proposal-rows.repository.js';

export interface Voter {
  readonly proposalId: string;
  readonly walletId: string;
  readonly reason: string | null;
}

export interface NewVote {
  readonly ballot: readonly number[];
  readonly powerMicro: bigint;
  /** What of the power counts for the quorum. */
  readonly countedMicro: bigint;
  readonly deadlineAt: Date;
  readonly extended: boolean;
  readonly at: Date;
}

/** One for all delegations: they alone take it, votes share it, so no delegation of before a snapshot shows up between two votes. */
const DELEGATIONS = 'chancellor.delegations';

@Injectable()
export class VotesRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /**
   * Stores the vote that `decide` makes of the proposal and the voter's power at its snapshot. AppError not_found; conflict when the
   * wallet has voted; forbidden when it is frozen.
   */
  async cast(
    voter: Voter,
    decide: (standing: Omit<Standing, 'ballots'>, powerMicro: bigint) => NewVote,
  ): Promise<NewVote> {
    const { proposalId, walletId, reason } = voter;
    const vote = await this.database.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended(${DELEGATIONS}, 0))`;
      const standing = await lockToVote(tx, proposalId);
      await refuseUnlessOpen(tx, walletId, `vote on ${proposalId}`);
      if ((await tx.vote.count({ where: { proposalId, walletId } })) > 0) throw votedAlready(voter);
      const decided = decide(standing, await votingPowerAt(tx, walletId, standing.proposal.snapshotAt));
      const { ballot, powerMicro, countedMicro, deadlineAt, extended, at } = decided;
      await tx.vote.create({ data: { proposalId, walletId, reason, ballot: [...ballot], powerMicro, castAt: at } });
      await tx.proposal.update({
        where: { id: proposalId },
        data: { countedMicro: { increment: countedMicro }, deadlineAt, extended },
      });
      await enqueueEvent(tx, chancellor.events.vote_cast, { proposalId, walletId, power: microToAmount(powerMicro) });
      return decided;
    });
    this.outbox.poke();
    return vote;
  }

  /**
   * Lets another wallet vote for this one from now on, or nobody; says since when, and the power that this one has then.
   * AppError not_found; conflict when the other is closed; forbidden when this one is frozen.
   */
  async delegate(walletId: string, delegateId: string | null): Promise<{ since: Date; powerMicro: bigint }> {
    const done = await this.database.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${DELEGATIONS}, 0))`;
      await refuseUnlessOpen(tx, walletId, delegateId === null ? 'take votes back' : `delegate to ${delegateId}`);
      if (delegateId !== null) await refuseUnlessThere(tx, delegateId);
      const since = await delegatedSince(tx, walletId, delegateId);
      return { since, powerMicro: await votingPowerAt(tx, walletId, await clockOf(tx)) };
    });
    this.outbox.poke();
    return done;
  }
}

/** A closed wallet never votes again, and with it the power that it was given would not. */
async function refuseUnlessThere(tx: Prisma.TransactionClient, walletId: string): Promise<void> {
  const wallet = await tx.wallet.findUnique({ where: { id: walletId }, select: { status: true } });
  if (wallet === null) throw noWallet(walletId);
  if (wallet.status === 'closed')
    throw new AppError('conflict', `Cannot delegate to ${walletId}: it is closed and votes no more. Name another one.`);
}

/** What is so already stays as it is. */
async function delegatedSince(
  tx: Prisma.TransactionClient,
  walletId: string,
  delegateId: string | null,
): Promise<Date> {
  const before = await tx.delegation.findFirst({ where: { walletId }, orderBy: { number: 'desc' } });
  const now = await clockOf(tx);
  if ((before?.delegateId ?? null) === delegateId) return before?.since ?? now;
  // A wallet's delegations are in the order of their times, whatever the clock does.
  const since = before !== null && before.since > now ? before.since : now;
  await tx.delegation.create({ data: { walletId, number: (before?.number ?? 0) + 1, delegateId, since } });
  await enqueueEvent(tx, chancellor.events.votes_delegated, { walletId, delegate: delegateId });
  return since;
}

const votedAlready = ({ proposalId, walletId }: Voter): AppError =>
  new AppError(
    'conflict',
    `Cannot vote on ${proposalId} again: wallet ${walletId} has voted, and a vote stays as it is.`,
  );

const noWallet = (walletId: string): AppError =>
  new AppError('not_found', `Cannot delegate to ${walletId}: there is no such wallet. Check the id in to.`);
