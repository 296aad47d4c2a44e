// Hears from the Mechanic that an agent whose circuit is open may be asked again. It lets one call through; it never says that the
// agent is well.
import { CIRCUITS_SUBJECT } from '@labmesh/bus';
import { LOGGER, type Logger } from '@labmesh/runtime';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { Reach } from './reach.js';

export const CircuitReset = z.object({ agent: z.string().min(1).max(40) });

@Controller()
export class CircuitResets {
  constructor(
    @Inject(Reach) private readonly reach: Reach,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info'>,
  ) {}

  @EventPattern(CIRCUITS_SUBJECT, { queue: '' })
  hear(@Payload() message: unknown): void {
    const { data } = CircuitReset.safeParse(message);
    if (data !== undefined && this.reach.reset(data.agent)) this.log.info(data, 'circuit is tried again');
  }
}
