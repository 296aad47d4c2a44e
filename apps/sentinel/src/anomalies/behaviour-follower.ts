// Follows the audit log and scores what each wallet does, call by call, in order. One replica at a time, by a lease; the next one
// goes on where it stopped. It waits for nobody, and nobody waits for it.
import { randomUUID } from 'node:crypto';
import { toAppError } from '@labmesh/contracts';
import { Lifecycle, LOGGER, type Logger, ProcessScoring } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import type { Alarm } from './alarm.js';
import { Anomalies } from './anomalies.js';
import { AnomaliesRepository } from './anomalies.repository.js';
import { BehaviourProgressRepository } from './behaviour-progress.repository.js';
import { BehaviourScores, type ScoredRecord } from './behaviour-scores.js';
import { ObservedCallsRepository } from './observed-calls.repository.js';

const LEASE_MS = 10_000;
const PAGE = 1_000;
/** Records of the past that fill the windows at the start, at most so many and so old. */
const RECALLED_MAX = 50_000n;
const RECALLED_MS = 21 * 86_400_000;
const RECALL_PAGE = 1_000;
/** The longest window fades over a day: what was resolved longer ago has faded too. */
const RESOLVED_MS = 3 * 86_400_000;
/** Replicas' clocks may differ this much. */
const CLOCKS_MS = 5_000;
/** A process that just began has better things to do, unless a call comes. */
const START_MS = 2_000;
/** What is stored while others are scored is scored together. */
const GATHER_MS = 400;
/** Another replica may have stored something: it wakes nobody here. */
const LOOK_MS = 500;
/** Where there is no other, whatever is stored wakes it. */
const LOOK_ALONE_MS = 30_000;
const RETRY_MS = 1_000;
/** Without a thread there is nothing to be done but to ask again. */
const NO_THREAD_MS = 5_000;
/** Stopping waits this long for a batch under way; a thread that is stuck must not hold the process. */
const STOP_MS = 2_000;

interface Held {
  cursor: bigint;
  renewedMs: number;
  /** Up to when it is known what was resolved. */
  resolvedUntil: Date;
  readonly scores: BehaviourScores;
}

@Injectable()
export class BehaviourFollower implements OnModuleInit, OnModuleDestroy {
  readonly #holder = randomUUID();
  #held: Held | undefined;
  /** Ends the pause, if what is stored may end it, and whatever it is. */
  #wake: (() => void) | undefined;
  #rest: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #ended = false;

  constructor(
    @Inject(BehaviourProgressRepository) private readonly progress: BehaviourProgressRepository,
    @Inject(ObservedCallsRepository) private readonly calls: ObservedCallsRepository,
    @Inject(Anomalies) private readonly anomalies: Pick<Anomalies, 'take'>,
    @Inject(AnomaliesRepository) private readonly stored: Pick<AnomaliesRepository, 'resolvedSince'>,
    @Inject(ProcessScoring) private readonly scoring: Pick<ProcessScoring, 'model' | 'failed' | 'counts'>,
    @Inject(AuditLog) private readonly audit: Pick<AuditLog, 'onStored'>,
    @Inject(Lifecycle) private readonly lifecycle: Pick<Lifecycle, 'onServing'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  onModuleInit(): void {
    this.audit.onStored(() => this.#wake?.());
    this.lifecycle.onServing(() => {
      this.#running = this.#pause(START_MS, true).then(() => this.#run());
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.#ended = true;
    this.#rest?.();
    const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_MS).unref());
    await Promise.race([this.#running, late]);
    await this.#letGo();
  }

  /** True while this replica is the one that scores. */
  get leads(): boolean {
    return this.#held !== undefined;
  }

  /**
   * One step: takes the lease, or scores a page. Answers how long to wait for the next, milliseconds.
   * @throws whatever stood in the way; the next step begins anew
   */
  async step(): Promise<number> {
    // Nobody needs a thread, or its memory, who waits for another replica or for the first call.
    if (this.#held === undefined) {
      if (!(await this.progress.isFree(this.#holder))) return RETRY_MS;
      if (!(await this.progress.isBehind())) return this.#lookMs;
    }
    const scorer = await this.scoring.model('behaviour');
    if (scorer === undefined) {
      await this.#letGo();
      return NO_THREAD_MS;
    }
    try {
      this.#held ??= await this.#take(new BehaviourScores(scorer));
      return this.#held === undefined ? RETRY_MS : await this.#follow(this.#held);
    } catch (error) {
      // What the windows took in and what is stored may differ now: both are read anew.
      this.#held = undefined;
      throw error;
    }
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      let waitMs = RETRY_MS;
      try {
        waitMs = await this.step();
      } catch (error) {
        const { code } = toAppError(error);
        if (!this.#ended && code !== 'conflict') this.log.warn({ err: error, code }, 'behaviour could not be scored');
        await this.#letGo();
      }
      if (waitMs > 0) await this.#pause(waitMs, waitMs === this.#lookMs);
    }
  }

  async #take(scores: BehaviourScores): Promise<Held | undefined> {
    const cursor = await this.progress.take(this.#holder, LEASE_MS);
    if (cursor === undefined) return undefined;
    const resolvedUntil = new Date(Date.now() - RESOLVED_MS);
    const held = { cursor, renewedMs: performance.now(), resolvedUntil, scores };
    await this.#forgive(held);
    const since = Date.now() - RECALLED_MS;
    let at = cursor > RECALLED_MAX ? cursor - RECALLED_MAX : 0n;
    while (at < cursor && !this.#ended) {
      const page = await this.calls.page(at, RECALL_PAGE);
      held.scores.recall(page.filter((call) => call.cursor <= cursor && call.at >= since));
      at = page.at(-1)?.cursor ?? cursor;
      if (!(await this.#renewed(held))) return undefined;
    }
    return held;
  }

  get #lookMs(): number {
    return this.progress.alone ? LOOK_ALONE_MS : LOOK_MS;
  }

  async #follow(held: Held): Promise<number> {
    if (!(await this.#renewed(held))) {
      this.#held = undefined;
      return RETRY_MS;
    }
    const page = await this.calls.page(held.cursor, PAGE);
    const last = page.at(-1);
    if (last === undefined) return this.#lookMs;
    // After the page: whatever it has of the time after somebody resolved something, that is known now.
    await this.#forgive(held);
    const alarms = (await this.#scored(held, page)).filter(({ score }) => score.alarm).map(alarmOf);
    const [from, to] = [held.cursor, last.cursor];
    await this.anomalies.take(alarms, (tx) =>
      this.progress.advance(tx, { holder: this.#holder, from, to, leaseMs: LEASE_MS }),
    );
    held.cursor = to;
    held.renewedMs = performance.now();
    return page.length === PAGE ? 0 : GATHER_MS;
  }

  async #forgive(held: Held): Promise<void> {
    const resolved = await this.stored.resolvedSince(new Date(held.resolvedUntil.getTime() - CLOCKS_MS));
    for (const { walletId, at } of resolved) {
      held.scores.forgive(walletId, at);
      if (at > held.resolvedUntil) held.resolvedUntil = at;
    }
  }

  async #scored({ scores }: Held, page: Parameters<BehaviourScores['score']>[0]): Promise<ScoredRecord[]> {
    try {
      const scored = await scores.score(page);
      this.scoring.counts.scored += scored.length;
      return scored;
    } catch (error) {
      if (this.scoring.failed(error)) throw error;
      // What the model cannot read must not keep everything behind it from being scored.
      this.scoring.counts.dropped += page.length;
      return [];
    }
  }

  /** False when the lease went to another meanwhile. */
  async #renewed(held: Held): Promise<boolean> {
    if (performance.now() - held.renewedMs < LEASE_MS / 3) return true;
    const cursor = await this.progress.take(this.#holder, LEASE_MS);
    held.renewedMs = performance.now();
    return cursor === held.cursor;
  }

  async #letGo(): Promise<void> {
    this.#held = undefined;
    try {
      await this.progress.release(this.#holder);
    } catch {
      // The database is away: the lease ends by itself.
    }
  }

  /** One that can be ended by what is stored here, or one that gathers it. */
  #pause(waitMs: number, wakeable: boolean): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        this.#rest = undefined;
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.#rest = done;
      if (wakeable) this.#wake = done;
    });
  }
}

const alarmOf = ({ call, score }: ScoredRecord): Alarm => ({
  id: call.id,
  model: 'behaviour',
  callId: call.callId,
  at: new Date(call.at),
  walletId: call.walletId,
  credentialId: call.credentialId,
  agent: call.agent,
  tool: call.tool,
  score: score.value,
  threshold: score.threshold,
  reasons: score.reasons,
});
