// Brings Sentinel's restrictions to this process: told when they change, and fetched whole at the start and now and then.
// A list that cannot be had changes nothing.
import { RESTRICTED_SUBJECT } from '@labmesh/bus';
import { Restriction } from '@labmesh/contracts';
import { Lifecycle } from '@labmesh/runtime';
import { Controller, Inject, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { RestrictionList } from './restriction-list.js';
import { Restrictions } from './restrictions.js';

const COMPARE_MS = 30_000;
/** Until the first list came; then twice as long each time, up to COMPARE_MS. */
const FIRST_MS = 500;

const News = z.object({ restrictions: z.array(Restriction) });

@Controller()
export class RestrictionListener implements OnModuleInit, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #waitMs = FIRST_MS;
  #ended = false;

  constructor(
    @Inject(Restrictions) private readonly restrictions: Restrictions,
    @Inject(RestrictionList) private readonly list: Pick<RestrictionList, 'refresh'>,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
  ) {}

  onModuleInit(): void {
    this.lifecycle.onServing(() => void this.#compare());
  }

  onModuleDestroy(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  @EventPattern(RESTRICTED_SUBJECT, { queue: '' })
  changed(@Payload() message: object): void {
    const news = News.safeParse(message);
    if (news.success) this.restrictions.hear(news.data.restrictions);
  }

  async #compare(): Promise<void> {
    try {
      await this.list.refresh();
      this.#waitMs = COMPARE_MS;
    } catch {
      // Sentinel is away, or not there yet: what was heard holds on.
      this.#waitMs = Math.min(COMPARE_MS, this.#waitMs * 2);
    }
    if (!this.#ended) this.#timer = setTimeout(() => void this.#compare(), this.#waitMs).unref();
  }
}
