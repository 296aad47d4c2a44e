// Runs an agent's outbox relay for as long as the process serves. Not before: an event published to nobody would be lost.

import { Outbox } from '@labmesh/db';
import { Lifecycle, METRICS, type Metrics } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

@Injectable()
export class OutboxRunner implements OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const { outbox } = this;
    const labels = { agent: outbox.agent };
    this.metrics.readings.add('outbox', async () => (await outbox.backlog()).events, labels);
    this.metrics.readings.add('outboxAge', async () => (await outbox.backlog()).oldestSeconds, labels);
    this.lifecycle.onServing(() => this.outbox.start());
  }

  onModuleDestroy(): Promise<void> {
    return this.outbox.stop();
  }
}
