// Rewards: what an event pays by the rules of its time, and that what is owed is paid. It never decides twice about one event.
import {
  amountToMicro,
  chancellor,
  type curator,
  expandUri,
  type librarian,
  microToAmount,
  type Principal,
  type RewardedEvent,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { ResourceChanges } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { rateOf } from '../governance/parameters/earning-rate.js';
import { Parameters } from '../governance/parameters/parameters.js';
import { REWARDS } from '../ledger/accounts.js';
import { LedgerRepository } from '../ledger/ledger.repository.js';
import { refusal } from '../ledger/outcomes.js';
import { refuseUnstorable } from '../text.js';
import { EpochsRepository } from './epochs.repository.js';
import { type NewReward, type Paid, RewardsRepository } from './rewards.repository.js';
import { timesRate } from './shares.js';

type Tools = typeof chancellor.tools;
type Contribution = z.output<typeof curator.events.dataset_contributed.payload>;
type Validated = z.output<typeof curator.events.result_validated.payload>;
type Acceptance = z.output<typeof librarian.events.solution_accepted.payload>;

/** Of one call of `distribute`; what is left is due at the next. */
const EPOCHS_AT_ONCE = 100;
const ROUNDS_AT_ONCE = 20;

@Injectable()
export class Rewards {
  constructor(
    @Inject(RewardsRepository) private readonly repository: RewardsRepository,
    @Inject(EpochsRepository) private readonly epochs: EpochsRepository,
    @Inject(Parameters) private readonly parameters: Pick<Parameters, 'current' | 'inForceAt'>,
    @Inject(LedgerRepository) private readonly ledger: LedgerRepository,
    @Inject(ResourceChanges) private readonly changes: Pick<ResourceChanges, 'tell'>,
  ) {}

  /** A dataset's version, once however often it is told. Resolves when what it pays is written down; paying follows. */
  async contributed({ datasetId, version, walletId, rows }: Contribution, at: Date): Promise<void> {
    const reason = rows === 0 ? 'no_rows' : undefined;
    await this.judge({ event: 'dataset_contributed', source: `${datasetId} ${version}`, walletId, at, reason });
    await this.pay();
  }

  /** A job that succeeded, likewise. */
  async completed({ jobId, walletId }: { readonly jobId: string; readonly walletId: string }, at: Date): Promise<void> {
    await this.judge({ event: 'job_completed', source: jobId, walletId, at, reason: undefined });
    await this.pay();
  }

  /** An accepted solution, likewise: to its author. A wallet has one owner, so whoever shares the author's is the author. */
  async accepted({ solutionId, walletId, acceptedBy }: Acceptance, at: Date): Promise<void> {
    const reason = acceptedBy === walletId ? 'own_work' : undefined;
    await this.judge({ event: 'solution_accepted', source: solutionId, walletId, at, reason });
    await this.pay();
  }

  /** A report that settled a validation with others, likewise: to who reported. */
  async validated({ validationId, walletId, askedBy }: Validated, at: Date): Promise<void> {
    const reason = askedBy === walletId ? 'own_work' : undefined;
    await this.judge({ event: 'result_validated', source: validationId, walletId, at, reason });
    await this.pay();
  }

  /** As `payDue`, and says where the pool stands then. */
  async distribute(): Promise<ToolOutput<Tools['distribute_rewards']>> {
    const { epochsClosed, paid, amountMicro } = await this.payDue();
    const { balanceMicro, owed, owedMicro } = await this.repository.pool();
    return {
      epochsClosed,
      paid,
      amount: microToAmount(amountMicro),
      pending: owed,
      pendingAmount: microToAmount(owedMicro),
      pool: microToAmount(balanceMicro),
    };
  }

  /** Closes the epochs that have ended and pays what is owed. Safe at several replicas at once, and after any crash. */
  async payDue(): Promise<{ epochsClosed: number; paid: number; amountMicro: bigint }> {
    const epochsClosed = await this.#closeEpochs();
    let [paid, micro] = [0, 0n];
    for (let round = 0; round < ROUNDS_AT_ONCE; round++) {
      const { settled, count, amountMicro } = await this.pay();
      if (settled === 0) break;
      paid += count;
      micro += amountMicro;
    }
    return { epochsClosed, paid, amountMicro: micro };
  }

  /** Fills the pool from the caller's wallet, once per key. Errors: as a payment's. */
  async fund(
    input: ToolInput<Tools['fund_rewards']>,
    { walletId }: Pick<Principal, 'walletId'>,
  ): Promise<ToolOutput<Tools['fund_rewards']>> {
    const { amount, idempotencyKey: key } = input;
    refuseUnstorable('idempotencyKey', key);
    const micro = amountToMicro(amount);
    const legs = [
      { account: walletId, changeMicro: -micro },
      { account: REWARDS, changeMicro: micro },
    ];
    const [answer] = await this.ledger.post([{ kind: 'grant', key, keyOwner: walletId, legs }]);
    if (answer === undefined) throw new Error('chancellor.post() answered nothing');
    if (answer.outcome !== 'posted') {
      const asked = { what: `fund rewards with ${microToAmount(micro)}`, from: walletId, to: REWARDS, key };
      throw refusal(answer.outcome, asked, answer.balanceMicro);
    }
    await this.pay();
    const { balanceMicro } = await this.repository.pool();
    return {
      transactionId: answer.transactionId ?? '',
      amount: microToAmount(micro),
      balance: microToAmount(answer.balanceMicro ?? 0n),
      pool: microToAmount(balanceMicro),
      at: answer.at.toISOString(),
      replayed: answer.replayed,
    };
  }

  /** By the rules and the rate that were in force at the event. False when it was judged before. */
  async judge(event: Judged): Promise<boolean> {
    const { version, values } = await this.parameters.inForceAt(event.at);
    const template = await this.repository.templateOf(event.walletId);
    const amountMicro = timesRate(values[`rewards.${event.event}`], rateOf(values, template ?? null));
    return this.repository.judge({
      rule: event.event,
      source: event.source,
      walletId: event.walletId,
      at: event.at,
      amountMicro,
      perDay: values[`rewards.${event.event}.per_day`],
      parametersVersion: version,
      reason: event.reason ?? (amountMicro === 0n ? 'rule_pays_nothing' : undefined),
    });
  }

  /** Some of what is owed, the oldest first. */
  async pay(): Promise<Paid> {
    const paid = await this.repository.pay();
    const uris = paid.walletIds.map((id) => expandUri(chancellor.resources.wallet.uri, { id }));
    if (uris.length > 0) this.changes.tell({ uris });
    return paid;
  }

  async #closeEpochs(): Promise<number> {
    for (let closed = 0; closed < EPOCHS_AT_ONCE; closed++) {
      const epoch = await this.epochs.open();
      if (epoch === undefined) {
        const { values } = await this.parameters.current();
        await this.epochs.begin(values['rewards.epoch_length']);
        return closed;
      }
      if (!epoch.due) return closed;
      const { version, values } = await this.parameters.inForceAt(epoch.endsAt);
      const done = await this.epochs.close({
        number: epoch.number,
        yieldMicro: values['rewards.epoch_yield'],
        nextSeconds: values['rewards.epoch_length'],
        parametersVersion: version,
      });
      if (!done) return closed;
    }
    return EPOCHS_AT_ONCE;
  }
}

export interface Judged extends Pick<NewReward, 'source' | 'walletId' | 'at' | 'reason'> {
  readonly event: RewardedEvent;
}
