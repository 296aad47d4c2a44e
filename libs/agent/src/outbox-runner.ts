// Runs an agent's outbox relay for as long as the process serves. Not before: an event published to nobody would be lost.

import { Outbox } from '@labmesh/db';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Lifecycle } from './lifecycle.js';

@Injectable()
export class OutboxRunner implements OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
  ) {}

  onModuleInit(): void {
    this.lifecycle.onServing(() => this.outbox.start());
  }

  onModuleDestroy(): Promise<void> {
    return this.outbox.stop();
  }
}
