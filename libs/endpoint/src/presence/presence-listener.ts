// Brings announcements from the bus to this process's view of who is there. It decides nothing.

import { PRESENCE_SUBJECT } from '@labmesh/contracts';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Presence } from './presence.js';

@Controller()
export class PresenceListener {
  constructor(@Inject(Presence) private readonly presence: Presence) {}

  @EventPattern(PRESENCE_SUBJECT, { queue: '' })
  announced(@Payload() message: object): void {
    this.presence.hear(message);
  }
}
