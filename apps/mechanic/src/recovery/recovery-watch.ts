// Lets recovery do by itself what the policy allows: soon after something became of a job, and every few minutes while jobs are alive.
// In an idle lab it does nothing, and wakes nobody.
import { JOBS_SUBJECT } from '@labmesh/bus';
import { readNotice, Sweep } from '@labmesh/jobs';
import { Lifecycle, LOGGER, type Logger, RecurringWork } from '@labmesh/runtime';
import { Controller, Inject, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Recovery } from './recovery.js';

/** After a notice: several come together, and most troubles are no trouble a moment later. */
const SOON_MS = 30_000;
/** While jobs are alive. */
const REST_MS = 180_000;

@Controller()
export class RecoveryWatch implements OnModuleInit, OnModuleDestroy {
  readonly #work = new RecurringWork(
    () => this.#look(),
    () => this.#restMs,
    (error) => this.log.warn({ err: error }, 'recovery could not look; it does later'),
  );
  #restMs = REST_MS;

  constructor(
    @Inject(Recovery) private readonly recovery: Pick<Recovery, 'byItself'>,
    @Inject(Sweep) private readonly sweep: Pick<Sweep, 'standing'>,
    @Inject(Lifecycle) private readonly lifecycle: Pick<Lifecycle, 'onServing'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  onModuleInit(): void {
    // What a crash of the whole lab left.
    this.lifecycle.onServing(() => this.#work.begin(SOON_MS));
  }

  async onModuleDestroy(): Promise<void> {
    await this.#work.stop();
  }

  @EventPattern(JOBS_SUBJECT, { queue: '' })
  told(@Payload() message: object): void {
    if (readNotice(message)?.kind === 'changed') this.#work.within(SOON_MS);
  }

  async #look(): Promise<void> {
    this.#restMs = REST_MS;
    if ((await this.sweep.standing()).alive) await this.recovery.byItself();
    // Whoever changes a job says so.
    else this.#restMs = Number.POSITIVE_INFINITY;
  }
}
