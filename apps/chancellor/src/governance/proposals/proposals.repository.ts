// The proposals' rows and what changes them. Each change holds the proposal's lock, is decided under it, and is stored with its event.
import { AppError, chancellor, type EventRef } from '@labmesh/contracts';
import { DATABASE, type Database, type EventPayload, enqueueEvent, Outbox, type Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { clockOf } from '../clock.repository.js';
import { refuseUnlessOpen } from '../open-wallet.repository.js';
import {
  addVersion,
  lockDao,
  type NewVersion,
  newestOf,
  type ParameterSet,
} from '../parameters/parameters.repository.js';
import type { Proposal, Standing, Timeline } from './proposal.js';
import {
  lockProposal,
  noProposal,
  ROW_BY_ID,
  ROWS_BELOW,
  standings,
  votingPowerAt,
} from './proposal-rows.repository.js';

/** What a proposer brings, under the lock that puts the proposals of one wallet in line. */
export interface Proposer {
  readonly powerMicro: bigint;
  /** Proposals of its that are pending or voted on. */
  readonly open: number;
  readonly now: Date;
  readonly current: ParameterSet;
  readonly daoEnabled: boolean;
}

export type NewProposal = Pick<
  Proposal,
  'id' | 'title' | 'body' | 'voting' | 'choices' | 'changes' | 'thresholdMicro' | 'snapshotAt' | 'deadlineAt'
>;

/** Who proposes, and under which key: what was asked for under it before is the same proposal. */
export interface Asked {
  readonly proposerId: string;
  readonly key: string | undefined;
  /** SHA-256 of what is asked for. */
  readonly hash: Uint8Array<ArrayBuffer>;
}

/** What is written of a proposal, what is told of it, and, of an execution, the parameters that it sets. */
export interface Step<E extends EventRef = EventRef> {
  readonly set: Partial<Timeline>;
  readonly event: E;
  readonly payload: EventPayload<E>;
}

export interface Execution {
  readonly at: Date;
  readonly version: NewVersion;
}

@Injectable()
export class ProposalsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  async find(id: string): Promise<Standing> {
    const [standing] = await standings(this.database.prisma, ROW_BY_ID, id);
    if (standing === undefined) throw noProposal(id);
    return standing;
  }

  /** The newest first, below a cursor. */
  page(limit: number, cursor?: string, proposer?: string): Promise<Standing[]> {
    return standings(this.database.prisma, ROWS_BELOW, cursor ?? null, proposer ?? null, limit);
  }

  powerAt(walletId: string, at: Date): Promise<bigint> {
    return votingPowerAt(this.database.prisma, walletId, at);
  }

  async hasVoted(proposalId: string, walletId: string): Promise<boolean> {
    return (await this.database.prisma.vote.count({ where: { proposalId, walletId } })) > 0;
  }

  /**
   * Stores what `decide` makes of the proposer's power and open proposals; its id, and that of before when it was asked for already.
   * AppError forbidden when the wallet is frozen; conflict when the key was for something else.
   */
  async create({ proposerId, key, hash }: Asked, decide: (proposer: Proposer) => NewProposal): Promise<string> {
    const id = await this.database.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`proposals-of:${proposerId}`}, 0))`;
      const before =
        key === undefined ? null : await tx.proposal.findFirst({ where: { proposerId, idempotencyKey: key } });
      if (before !== null) {
        if (Buffer.compare(before.askedHash ?? Buffer.alloc(0), hash) !== 0) throw another(key ?? '', before.id);
        return before.id;
      }
      await refuseUnlessOpen(tx, proposerId, 'propose');
      const now = await clockOf(tx);
      const dao = await tx.dao.findUnique({ where: { id: 1 } });
      const { changes, choices, ...proposal } = decide({
        powerMicro: await votingPowerAt(tx, proposerId, now),
        open: await tx.proposal.count({ where: { proposerId, canceledAt: null, deadlineAt: { gte: now } } }),
        now,
        current: await newestOf(tx),
        daoEnabled: (dao?.enabledAt ?? null) !== null,
      });
      await tx.proposal.create({
        data: {
          ...proposal,
          proposerId,
          ...(key === undefined ? {} : { idempotencyKey: key, askedHash: hash }),
          createdAt: now,
          choices: [...choices],
          changes: changes as unknown as Prisma.InputJsonArray,
        },
      });
      await enqueueEvent(tx, chancellor.events.proposal_created, { proposalId: proposal.id, proposer: proposerId });
      return proposal.id;
    });
    this.outbox.poke();
    return id;
  }

  /** Changes the proposal as `decide` says, which sees it under its lock, and what its proposer's power is now. */
  async step<E extends EventRef>(
    id: string,
    decide: (standing: Standing, proposerPowerMicro: bigint) => Step<E>,
  ): Promise<Standing> {
    const changed = await this.database.prisma.$transaction(async (tx) => {
      const standing = await lockProposal(tx, id);
      const { proposal, now } = standing;
      const { set, event, payload } = decide(standing, await votingPowerAt(tx, proposal.proposerId, now));
      await tx.proposal.update({ where: { id }, data: set });
      await enqueueEvent(tx, event, payload);
      return { ...standing, proposal: { ...proposal, ...set } };
    });
    this.outbox.poke();
    return changed;
  }

  /** Sets the parameters and the proposal's state in one transaction; answers the new version. */
  async execute(id: string, decide: (standing: Standing, daoEnabled: boolean) => Execution): Promise<number> {
    const done = await this.database.prisma.$transaction(async (tx) => {
      const standing = await lockProposal(tx, id);
      const daoEnabled = (await lockDao(tx)) !== null;
      const { at, version } = decide(standing, daoEnabled);
      const set = await addVersion(tx, version);
      const { count } = await tx.proposal.updateMany({ where: { id, executedAt: null }, data: { executedAt: at } });
      if (count !== 1) throw new AppError('internal', `proposal ${id} was executed under its lock`);
      const payload = { proposalId: id, parametersVersion: set.version };
      await enqueueEvent(tx, chancellor.events.proposal_executed, payload);
      return set.version;
    });
    this.outbox.poke();
    return done;
  }
}

const another = (key: string, id: string): AppError =>
  new AppError(
    'conflict',
    `Cannot propose: the idempotencyKey "${key}" made another proposal before, ${id}. A new one needs a new key.`,
  );
