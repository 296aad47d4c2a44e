// Access tokens that are not what they say (withdrawn, or of a wallet that has another role since), known in memory until they
// expire, so that all others are believed without their rows. What this does not know lately, it does not know.

import { ACCESS_TOKEN_MAX_S } from '@labmesh/contracts';
import { CLOCK_SKEW_S, RevokedCredentials } from '@labmesh/identity';
import { LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { RevocationsRepository } from './revocations.repository.js';

const POLL_MS = 500;
/** Knowledge older than this is not trusted: three polls were missed, and a broadcast may have been too. */
const CURRENT_MS = 1_500;
/** Where no token was shown for so long nothing is read, until the next one comes: that one is looked up by its row. */
const QUIET_MS = 5_000;
/** Withdrawals of replicas whose clocks differ, and of transactions that took their time, are read again. */
const OVERLAP_MS = 60_000;
/** The longest that a token can still be shown after it was made. */
const LIFE_MAX_MS = (ACCESS_TOKEN_MAX_S + CLOCK_SKEW_S) * 1_000;

@Injectable()
export class WithdrawnTokens implements OnModuleInit, OnModuleDestroy {
  /** Until when each is remembered, Unix milliseconds. */
  readonly #until = new Map<string, number>();
  /** Likewise those that say another role than their wallet has. */
  readonly #changed = new Map<string, number>();
  #asOf: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> | undefined;
  #stopped = false;
  #askedMs = 0;
  #resting = false;

  constructor(
    @Inject(RevocationsRepository) private readonly revocations: RevocationsRepository,
    @Inject(RevokedCredentials) private readonly heard: Pick<RevokedCredentials, 'has'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.#askedMs = performance.now();
    await this.#go();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#polling;
  }

  /** True while the database was read a moment ago. Without that, only a token's row can tell. */
  get current(): boolean {
    // Either way round: a clock that was set back must not make old knowledge look new.
    return this.#asOf !== undefined && Math.abs(this.clock() - this.#asOf) <= CURRENT_MS;
  }

  /** Withdrawn, as the database, this replica or a broadcast said. */
  has(id: string): boolean {
    return this.#until.has(id) || this.heard.has(id);
  }

  /** True for a token that is to be believed as it was signed; for others only their row can tell. */
  believes(id: string): boolean {
    this.#askedMs = performance.now();
    if (this.#resting) void this.#go();
    return this.current && !this.#changed.has(id);
  }

  /** What this replica withdrew itself: it need not wait for the news of it. */
  add(ids: readonly string[]): void {
    for (const id of ids) this.#until.set(id, this.clock() + LIFE_MAX_MS);
  }

  /** Reads what was withdrawn since the last time; at first, all that may still be shown. @throws when the database does not answer */
  async poll(): Promise<void> {
    const now = this.clock();
    const since = this.#asOf === undefined ? now - LIFE_MAX_MS : Math.min(now, this.#asOf);
    const rows = await this.revocations.changedAccess(
      new Date(since - OVERLAP_MS),
      new Date(now - CLOCK_SKEW_S * 1_000),
    );
    for (const { id, expiresAt, revokedAt } of rows)
      (revokedAt === null ? this.#changed : this.#until).set(id, expiresAt.getTime() + CLOCK_SKEW_S * 1_000);
    for (const ids of [this.#until, this.#changed]) for (const [id, until] of ids) if (until < now) ids.delete(id);
    this.#asOf = now;
  }

  async #go(): Promise<void> {
    this.#resting = false;
    this.#polling = this.poll().catch((error: unknown) => {
      this.log.warn({ err: error }, 'withdrawn tokens could not be read; rows are asked meanwhile');
    });
    await this.#polling;
    this.#resting = performance.now() - this.#askedMs > QUIET_MS;
    if (!this.#stopped && !this.#resting) this.#timer = setTimeout(() => void this.#go(), POLL_MS).unref();
  }
}
